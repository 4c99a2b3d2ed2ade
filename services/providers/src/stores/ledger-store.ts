import type { Bill, EndedCall, StartedCall } from '@mosaic/proto';
import type { ProvidersDatabase } from './providers-database.ts';
import { readUsage, type UsageRange } from './read-usage.ts';

/** Everything that is done with the ledger's rows; each call is one transaction of one user. */
export function openLedgerStore(db: ProvidersDatabase) {
  return {
    writeStarts: (userId: string, calls: readonly StartedCall[]) => writeStarts(db, userId, calls),
    writeEnds: (userId: string, calls: readonly EndedCall[]) => writeEnds(db, userId, calls),
    readUsage: (userId: string, range: UsageRange) => readUsage(db, userId, range),
  };
}

export type LedgerStore = ReturnType<typeof openLedgerStore>;

/** Adds the rows of calls, unless they are there: records may come twice and in any order. */
async function writeStarts(db: ProvidersDatabase, userId: string, calls: readonly StartedCall[]) {
  await db.asUser({ userId }, (tx) =>
    tx
      .insertInto('model_call')
      .values(onceEach(calls).map((call) => startOf(userId, call)))
      .onConflict((conflict) => conflict.columns(['user_id', 'id']).doNothing())
      .execute(),
  );
}

/**
 * Completes the rows of calls, or adds them; the first end that is written stays. What was set aside for
 * a call goes in the same statement: no moment in which neither the one nor the other counts. Requests
 * that failed unseen come in the same transaction, once each by their place in the call.
 */
async function writeEnds(db: ProvidersDatabase, userId: string, given: readonly EndedCall[]) {
  const calls = onceEach(given);
  const ids = calls.map(({ id }) => id);
  const unseen = calls.flatMap((call) => unseenOf(userId, call));
  await db.asUser({ userId }, async (tx) => {
    if (unseen.length > 0) {
      await tx
        .insertInto('unseen_request')
        .values(unseen)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    await tx
      .with('settled', (settling) =>
        settling
          .deleteFrom('reservation')
          .where('user_id', '=', userId)
          .where('call_id', 'in', ids),
      )
      .insertInto('model_call')
      .values(calls.map((call) => ({ ...startOf(userId, call), ...endOf(call) })))
      .onConflict((conflict) =>
        conflict
          .columns(['user_id', 'id'])
          .doUpdateSet((row) =>
            Object.fromEntries(changedByEnd.map((name) => [name, row.ref(`excluded.${name}`)])),
          )
          .where('model_call.outcome', 'is', null),
      )
      .execute();
  });
}

/** What an end knows better than the start did. */
const changedByEnd = [
  ...['provider', 'model', 'is_simulated', 'outcome', 'stop', 'error_code', 'unseen'],
  ...['input_tokens', 'cache_read_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens'],
  ...['output_tokens', 'reasoning_tokens', 'is_estimated', 'cost_usd', 'cost_source'],
  ...['first_token_ms', 'total_ms', 'attempts', 'skipped'],
] as const;

/** A statement can't touch a row twice; the first record of a call stands. */
function onceEach<Call extends StartedCall>(calls: readonly Call[]): readonly Call[] {
  const byId = new Map<string, Call>();
  for (const call of calls) if (!byId.has(call.id)) byId.set(call.id, call);
  return [...byId.values()];
}

function unseenOf(userId: string, { agent, id, startedAt, unseen = [] }: EndedCall) {
  return unseen.map(({ provider, model, isSimulated, errorCode, ...bill }, position) => ({
    user_id: userId,
    call_id: id,
    position,
    started_at: startedAt,
    agent: storable(agent),
    provider,
    model: storable(model) ?? '',
    is_simulated: isSimulated,
    error_code: errorCode,
    ...billOf(bill),
  }));
}

function startOf(userId: string, call: StartedCall) {
  return {
    user_id: userId,
    id: call.id,
    started_at: call.startedAt,
    conversation_id: storable(call.conversationId),
    agent: storable(call.agent),
    purpose: call.purpose,
    provider: call.provider,
    model: storable(call.model) ?? '',
    is_simulated: call.isSimulated,
  };
}

function endOf({ usage, cost, timings, ...call }: EndedCall) {
  return {
    outcome: call.outcome,
    stop: call.stop,
    error_code: call.errorCode,
    ...billOf({ usage, cost }),
    first_token_ms: timings.firstTokenMs,
    total_ms: timings.totalMs,
    attempts: call.attempts,
    skipped: JSON.stringify(call.skipped.map((one) => ({ ...one, why: storable(one.why) }))),
    unseen: call.unseen?.length ?? 0,
  };
}

function billOf({ usage, cost }: Bill) {
  return {
    input_tokens: usage?.inputTokens ?? null,
    cache_read_tokens: usage?.cacheReadTokens ?? null,
    cache_write_5m_tokens: usage?.cacheWrite5mTokens ?? null,
    cache_write_1h_tokens: usage?.cacheWrite1hTokens ?? null,
    output_tokens: usage?.outputTokens ?? null,
    reasoning_tokens: usage?.reasoningTokens ?? null,
    is_estimated: usage?.isEstimated ?? null,
    cost_usd: cost.usd,
    cost_source: cost.usd === null ? 'unknown' : cost.source,
  };
}

/** Vendors name models and errors as they like; the zero character would stop the row for ever. */
function storable(text: string | null): string | null {
  return text === null ? null : text.toWellFormed().replaceAll('\0', '\ufffd');
}
