import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  answerText,
  type ConversationEvent,
  emptyView,
  foldEvent,
  noUsage,
  terminalEventTypes,
  type Usage,
} from '@mosaic/proto';
import { type RunningMosaic, waitFor } from '@mosaic/test-kit';
import pg from 'pg';
import type { Person } from '../person.ts';
import type { Witness } from './witness.ts';

type End = Extract<
  ConversationEvent,
  { type: 'turn.completed' | 'turn.failed' | 'turn.cancelled' }
>;

const isEnd = (event: ConversationEvent): event is End =>
  terminalEventTypes.some((type) => type === event.type);

const patience = { timeoutMs: 120_000, everyMs: 50 } as const;

/** How each message ended, in the order in which they were sent. */
export interface Outcome {
  readonly types: readonly End['type'][];
  readonly texts: readonly string[];
  readonly restarts: number;
}

/**
 * Waits until every message of a client has ended, then holds log, database and what the client showed
 * against each other: one ending for each accepted message, in their order; numbers without a gap;
 * the same text everywhere; and in the ledger what the answers say they used.
 */
export async function checkInvariants(
  mosaic: RunningMosaic,
  person: Person,
  witness: Witness,
): Promise<Outcome> {
  const { conversationId, sent } = witness;
  await waitFor(() => sent.every((id) => endsOf(witness.events, id).length > 0), {
    ...patience,
    what: `the end of ${sent.length} messages`,
  });
  const path = `/api/conversations/${conversationId}`;
  const { events } = (await person.request('GET', `${path}/export`)).body as {
    events: ConversationEvent[];
  };
  checkLog(events, witness);
  await checkDatabase(person, path, events);
  await checkLedger(mosaic, conversationId, events);
  assert.deepEqual(witness.faults, []);
  const ends = sent.flatMap((id) => endsOf(events, id));
  return {
    types: ends.map(({ type }) => type),
    texts: ends.map(({ text }) => text),
    restarts: events.filter(({ type }) => type === 'turn.restarted').length,
  };
}

function checkLog(events: readonly ConversationEvent[], witness: Witness): void {
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_event, index) => index + 1),
    'the log has no gap',
  );
  for (const id of witness.sent) {
    assert.equal(endsOf(events, id).length, 1, `message ${id} ends exactly once`);
  }
  const added = events.flatMap((event) =>
    event.type === 'message.added' && event.joins === undefined ? [event.messageId] : [],
  );
  const joined = new Set(
    events.flatMap((event) =>
      event.type === 'message.added' && event.joins !== undefined ? [event.messageId] : [],
    ),
  );
  assert.deepEqual(
    added,
    witness.sent.filter((id) => !joined.has(id)),
    'in the order in which they were sent, each once',
  );
  // The client may still be behind by what came after the last ending, such as a title.
  const seen = events.slice(0, witness.events.length);
  assert.deepEqual(witness.events, seen, 'the client saw the log');
  const view = seen.reduce(foldEvent, emptyView(witness.conversationId));
  assert.deepEqual(textsIn(witness.view), textsIn(view), 'the client shows what the log says');
}

function textsIn(view: Witness['view']): string[] {
  return view.messages.map((one) => (one.role === 'user' ? one.text : answerText(one)));
}

/** The endings that answer a message: of its own turn, or of the one that it joined. */
function endsOf(events: readonly ConversationEvent[], messageId: string): End[] {
  const added = events.find(
    (event) => event.type === 'message.added' && event.messageId === messageId,
  );
  const joins = added?.type === 'message.added' ? added.joins : undefined;
  const turn = events.find(
    (event) => 'run' in event && 'messageId' in event && event.run === joins,
  );
  const answered = turn !== undefined && 'messageId' in turn ? turn.messageId : messageId;
  return events.filter(isEnd).filter((event) => event.messageId === answered);
}

async function checkDatabase(
  person: Person,
  path: string,
  events: readonly ConversationEvent[],
): Promise<void> {
  const messages = events.filter((event) => event.type === 'message.added' || isEnd(event)).length;
  await waitFor(
    async () => {
      const { body } = await person.request('GET', '/api/conversations?limit=200');
      const row = (body.conversations ?? []).find((one: { id: string }) => path.endsWith(one.id));
      return row?.messageCount === messages && row.seq >= events.length;
    },
    { ...patience, what: 'the rows of the log' },
  );
}

const parts = [
  'inputTokens',
  'cacheReadTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'outputTokens',
  'reasoningTokens',
] as const satisfies readonly (keyof Usage)[];

/**
 * A run that began again has calls in the ledger that no answer speaks of, and an ending that never
 * heard the end of its call says that it does not know what was used: there the ledger knows more.
 */
async function checkLedger(
  mosaic: RunningMosaic,
  conversationId: string,
  events: readonly ConversationEvent[],
): Promise<void> {
  const said = events.flatMap((event) =>
    (isEnd(event) || event.type === 'context.summarized') && event.usage !== null
      ? [event.usage]
      : [],
  );
  const isWhole = !events.some(
    (event) => event.type === 'turn.restarted' || (isEnd(event) && event.usage === null),
  );
  const sum = (part: (typeof parts)[number]) =>
    said.reduce((total, usage) => total + usage[part], noUsage[part]);
  await waitFor(
    async () => {
      const ledger = await readLedger(mosaic, conversationId);
      return parts.every((part) =>
        isWhole ? ledger[part] === sum(part) : ledger[part] >= sum(part),
      );
    },
    { ...patience, what: `the ledger to say what the answers say (${JSON.stringify(said)})` },
  );
}

async function readLedger(mosaic: RunningMosaic, conversationId: string) {
  const host = join(mosaic.dataDir, 'run', 'postgres');
  const client = new pg.Client({ host, user: 'postgres', database: 'postgres' });
  await client.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query(
      `select coalesce(sum(input_tokens), 0)::int as "inputTokens",
        coalesce(sum(cache_read_tokens), 0)::int as "cacheReadTokens",
        coalesce(sum(cache_write_5m_tokens), 0)::int as "cacheWrite5mTokens",
        coalesce(sum(cache_write_1h_tokens), 0)::int as "cacheWrite1hTokens",
        coalesce(sum(output_tokens), 0)::int as "outputTokens",
        coalesce(sum(reasoning_tokens), 0)::int as "reasoningTokens"
      from (
        select c.id, l.* from providers.model_call c
        cross join lateral (
          select c.input_tokens, c.cache_read_tokens, c.cache_write_5m_tokens,
            c.cache_write_1h_tokens, c.output_tokens, c.reasoning_tokens
          union all
          select u.input_tokens, u.cache_read_tokens, u.cache_write_5m_tokens,
            u.cache_write_1h_tokens, u.output_tokens, u.reasoning_tokens
          from providers.unseen_request u where u.user_id = c.user_id and u.call_id = c.id
        ) l
        where c.conversation_id = $1 and c.purpose in ('turn', 'summary')
      ) as paid`,
      [conversationId],
    );
    await client.query('commit');
    return rows[0] as Record<(typeof parts)[number], number>;
  } finally {
    await client.end();
  }
}
