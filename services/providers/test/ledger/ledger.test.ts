import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  billOf,
  type CompletionPart,
  callEnded,
  callStarted,
  type EndedCall,
  makeId,
  noUsage,
  reportUsage,
} from '@mosaic/proto';
import { type Bus, openDatabase } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type ProvidersDatabase, providersSchema } from '../../src/stores/providers-database.ts';
import type { ProvidersTables } from '../../src/stores/tables.ts';
import { gpt, haiku, startLedgerStack, sumOfParts } from './ledger-stack.ts';

const sonnet = { provider: 'anthropic', model: 'claude-sonnet-4-6' } as const;
/** A model whose price nobody knows, by the operator's own word. */
const unpriced = { provider: 'zai', model: 'glm-4.7' } as const;

let stack: Awaited<ReturnType<typeof startLedgerStack>>;
let db: ProvidersDatabase;
let providers: Bus;
before(async () => {
  stack = await startLedgerStack();
  providers = await stack.bus.connect('providers');
  db = openDatabase<ProvidersTables>({ ...providersSchema, url: stack.databaseUrl });
  const modelCards = { models: [{ ...unpriced, price: null }] };
  await stack.startProviders({ MOSAIC_MODEL_CARDS: JSON.stringify(modelCards) });
});
after(async () => {
  await db.close();
  await stack.stop();
});

const rowsOf = (userId: string) =>
  db.asUser({ userId }, (tx) => tx.selectFrom('model_call').selectAll().execute());

function near(actual: number | null | undefined, expected: number) {
  assert.ok(actual != null && Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

test('the sums of the ledger are those of what the streams reported, however they are put together', async () => {
  const caller = stack.bus.person('sum');
  const usage = { inputTokens: 40, cacheReadTokens: 300, cacheWriteTokens: 20, outputTokens: 9 };
  stack.vendors.script({ vendor: 'anthropic', times: 2, usage });
  const ends: CompletionPart[] = [];
  for (const [model, agent] of [
    [haiku, 'coder'],
    [haiku, 'writer'],
    [gpt, 'coder'],
  ] as const) {
    ends.push(await stack.ask({ caller, candidates: [model], agent }));
  }
  const all = sumOfParts(ends);
  assert.ok(all.tokens.cacheReadTokens === 600 && all.costUsd > 0);
  for (const by of ['day', 'model', 'agent', 'provider'] as const) {
    const { rows, totals } = await stack.reportOf(caller, 3, by);
    assert.deepEqual(
      totals.map((one) => [one.calls, one.tokens]),
      [[3, all.tokens]],
    );
    near(totals[0]?.costUsd, all.costUsd);
    assert.equal(
      rows.reduce((sum, row) => sum + row.calls, 0),
      3,
    );
  }
  const { rows } = await stack.report(caller, 'agent');
  const coder = rows.find((row) => row.key === 'coder');
  const ofCoder = sumOfParts(ends.filter((_, index) => index !== 1));
  assert.deepEqual(coder?.tokens, ofCoder.tokens);
  near(coder?.costUsd, ofCoder.costUsd);
  const keys = (await stack.report(caller)).rows.map((row) => row.key);
  assert.deepEqual(keys, ['anthropic/claude-haiku-4-5', 'openai/gpt-5.4']);
});

test('whoever has seen the last part finds the call with its times, attempts and outcome', async () => {
  const caller = stack.bus.person('tim');
  stack.vendors.script({ vendor: 'anthropic', times: 2, fault: { kind: 'status', status: 529 } });
  const end = await stack.ask({ caller, candidates: [haiku, gpt] });
  assert.ok(end.type === 'end');
  const { totals } = await stack.reportOf(caller, 1);
  const [row, ...others] = await rowsOf('tim');
  assert.deepEqual(others, []);
  assert.equal(row?.provider, 'openai');
  assert.equal(row.outcome, 'answered');
  assert.equal(row.stop, end.stop.unified);
  assert.equal(row.first_token_ms, end.timings.firstTokenMs);
  assert.equal(row.total_ms, end.timings.totalMs);
  assert.ok(row.attempts >= 2);
  assert.equal(totals[0]?.retries, row.attempts - 1);
  assert.equal(JSON.parse(JSON.stringify(row.skipped)).length, 1);
  assert.equal(row.cost_source, end.cost.source);
  assert.equal(row.conversation_id, 'talk');
});

test('what broke off unseen is paid for under its own model, beside the answer of the next', async () => {
  const caller = stack.bus.person('une');
  const usage = { inputTokens: 1_000, outputTokens: 5 };
  stack.vendors.script({
    ...{ vendor: 'anthropic', times: 2, usage },
    fault: { kind: 'cut', afterChunks: 0 },
  });
  const end = await stack.ask({ caller, candidates: [haiku, gpt], agent: 'coder' });
  assert.ok(end.type === 'end' && end.unseen?.length === 2, JSON.stringify(end));
  assert.ok(end.unseen.every((one) => one.usage.inputTokens === 1_000 && !one.usage.isEstimated));
  const { rows, totals } = await stack.reportOf(caller, 1);
  assert.deepEqual(
    rows.map((row) => [row.key, row.calls, row.retries]),
    [
      ['anthropic/claude-haiku-4-5', 0, 0],
      ['openai/gpt-5.4', 1, 2],
    ],
  );
  assert.equal(rows[0]?.tokens.inputTokens, 2_000);
  near(rows[0]?.costUsd, 2 * (end.unseen[0]?.cost.usd ?? 0));
  near(rows[1]?.costUsd, end.cost.usd ?? 0);
  near(totals[0]?.costUsd, billOf(end).cost.usd ?? 0);
  assert.deepEqual([totals[0]?.calls, totals[0]?.unknownCostCalls], [1, 0]);
  for (const by of ['day', 'agent', 'provider'] as const) {
    const sums = (await stack.report(caller, by)).rows;
    near(
      sums.reduce((sum, row) => sum + (row.costUsd ?? 0), 0),
      billOf(end).cost.usd ?? 0,
    );
  }
  assert.deepEqual(
    (await stack.report(caller, 'agent')).rows.map((row) => row.key),
    ['coder'],
  );
});

test('when nobody answers, what was used is known and what was not said is unknown', async () => {
  const caller = stack.bus.person('non');
  const late = { kind: 'error-in-stream', afterChunks: 0, code: 'timeout_error' } as const;
  stack.vendors.script({ vendor: 'anthropic', fault: late });
  stack.vendors.script({ vendor: 'zai', times: 2, fault: { kind: 'status', status: 500 } });
  const last = await stack.ask({ caller, candidates: [sonnet, unpriced] });
  assert.ok(last.type === 'error' && last.unseen?.length === 1, JSON.stringify(last));
  const { totals } = await stack.reportOf(caller, 1);
  assert.ok((totals[0]?.tokens.inputTokens ?? 0) > 0);
  near(totals[0]?.costUsd, billOf(last).cost.usd ?? 0);
  assert.deepEqual([totals[0]?.unansweredCalls, totals[0]?.unknownCostCalls], [1, 1]);
});

test('a cost that nobody knows stays unknown beside those that are known', async () => {
  const caller = stack.bus.person('uma');
  stack.vendors.script({ vendor: 'zai', usage: { inputTokens: 300_000, outputTokens: 5 } });
  const unknown = await stack.ask({ caller, candidates: [unpriced] });
  assert.ok(unknown.type === 'end' && unknown.cost.usd === null, JSON.stringify(unknown));
  const alone = (await stack.reportOf(caller, 1)).totals[0];
  assert.equal(alone?.costUsd, null);
  assert.equal(alone?.unknownCostCalls, 1);
  const known = await stack.ask({ caller, candidates: [gpt] });
  const both = (await stack.reportOf(caller, 2)).totals[0];
  near(both?.costUsd, sumOfParts([known]).costUsd);
  assert.equal(both?.unknownCostCalls, 1);
  assert.equal(
    both?.tokens.inputTokens,
    300_000 + (known.type === 'end' ? known.usage.inputTokens : 0),
  );
});

test('a cancelled call keeps what it used until then', async () => {
  const caller = stack.bus.person('can');
  stack.vendors.script({ vendor: 'anthropic', reply: 'word '.repeat(500), paceMs: 10 });
  const abort = new AbortController();
  const onPart = (part: CompletionPart) => part.type === 'text' && abort.abort();
  const last = await stack.ask({ caller, candidates: [haiku], signal: abort.signal, onPart });
  assert.ok(last.type === 'error' && last.failure.code === 'cancelled');
  const { totals } = await stack.reportOf(caller, 1);
  assert.equal(totals[0]?.unansweredCalls, 1);
  const [row] = await rowsOf('can');
  assert.equal(row?.outcome, 'cancelled');
  assert.equal(row.error_code, 'cancelled');
  assert.ok((row.input_tokens ?? 0) > 0);
});

test('two users see their own calls alone, also in a query that forgets to ask', async () => {
  const [ada, bob] = [stack.bus.person('ada'), stack.bus.person('bob')];
  await stack.ask({ caller: ada, candidates: [haiku] });
  await stack.ask({ caller: bob, candidates: [gpt] });
  assert.deepEqual(
    (await stack.reportOf(ada, 1)).rows.map((row) => row.key),
    ['anthropic/claude-haiku-4-5'],
  );
  assert.deepEqual(
    (await stack.reportOf(bob, 1)).rows.map((row) => row.key),
    ['openai/gpt-5.4'],
  );
  assert.deepEqual([...new Set((await rowsOf('ada')).map((row) => row.user_id))], ['ada']);
  const none = await db.asService((tx) => tx.selectFrom('model_call').select('id').execute());
  assert.deepEqual(none, []);
  const [row] = await rowsOf('bob');
  assert.ok(row);
  const forged = { ...row, id: 'forged', started_at: new Date().toISOString() };
  const { cost_usd: _cost, skipped: _skipped, cost_source: _source, ...values } = forged;
  await assert.rejects(
    db.asUser({ userId: 'ada' }, (tx) => tx.insertInto('model_call').values(values).execute()),
    { code: '42501' },
  );
});

test('a record that comes several times, and a start that comes late, make one row', async () => {
  const caller = stack.bus.person('rae');
  const lost = {
    ...gpt,
    errorCode: 'provider_cut',
    usage: { ...noUsage, inputTokens: 3 },
  } as const;
  const unseen = [{ ...lost, cost: { usd: 0.5, source: 'table' }, isSimulated: false } as const];
  const call = { ...endedCall(), unseen };
  const tokens = { userId: 'rae' };
  for (const round of ['a', 'b', 'c']) {
    await providers.publish(callEnded, call, { tokens, messageId: `${call.id}-${round}` });
  }
  await stack.reportOf(caller, 1);
  const { id, startedAt, conversationId, agent, purpose, provider, model, isSimulated } = call;
  const start = { id, startedAt, conversationId, agent, purpose, provider, model, isSimulated };
  await providers.publish(callStarted, start, { tokens });
  const marker = endedCall();
  await providers.publish(callEnded, marker, { tokens });
  const { totals } = await stack.reportOf(caller, 2);
  assert.equal(totals[0]?.calls, 2);
  assert.equal(totals[0]?.openCalls, 0);
  assert.equal(totals[0]?.tokens.inputTokens, 2 * 7 + 3);
  near(totals[0]?.costUsd, 2 * 0.25 + 0.5);
});

test('text that PostgreSQL does not take stops no row', async () => {
  const call = { ...endedCall(), model: 'odd\0name\ud800', skipped: [{ ...gpt, why: 'zero \0' }] };
  await providers.publish(callEnded, call, { tokens: { userId: 'odd' } });
  const { rows } = await stack.reportOf(stack.bus.person('odd'), 1);
  assert.equal(rows[0]?.key, 'anthropic/odd\ufffdname\ufffd');
});

test('simulated calls are never added to real ones', async () => {
  const tokens = { userId: 'sim' };
  await providers.publish(callEnded, endedCall(), { tokens });
  await providers.publish(callEnded, { ...endedCall(), isSimulated: true }, { tokens });
  const { rows, totals } = await stack.reportOf(stack.bus.person('sim'), 2, 'provider');
  for (const sums of [rows, totals]) {
    assert.deepEqual(
      sums.map((one) => [one.isSimulated, one.calls, one.costUsd]),
      [
        [false, 1, 0.25],
        [true, 1, 0.25],
      ],
    );
  }
});

test('days that are no range are refused', async () => {
  const caller = stack.bus.person('day');
  const gateway = await stack.bus.connect('gateway');
  for (const [from, to] of [
    ['2026-02-02', '2026-02-01'],
    ['2020-01-01', '2026-01-01'],
  ] as const) {
    await assert.rejects(gateway.call(reportUsage, { from, to, by: 'day' }, { caller }), {
      code: 'bad_request',
    });
  }
  const day = '2026-02-02';
  const empty = await gateway.call(reportUsage, { from: day, to: day, by: 'day' }, { caller });
  assert.deepEqual([empty.rows, empty.totals], [[], []]);
});

test('calls are answered while PostgreSQL is down, and each has one row when it is back', async () => {
  const caller = stack.bus.person('out');
  const before = await stack.ask({ caller, candidates: [haiku] });
  await stack.reportOf(caller, 1);
  await stack.stopDatabase();
  const during = await Promise.all(
    Array.from({ length: 5 }, () => stack.ask({ caller, candidates: [haiku] })),
  );
  assert.ok(during.every((part) => part.type === 'end'));
  await assert.rejects(stack.report(caller), { code: 'service_unavailable' });
  await stack.startDatabase();
  const { totals } = await waitFor(() => stack.reportOf(caller, 6).catch(() => undefined), {
    timeoutMs: 60_000,
  });
  assert.equal(totals[0]?.calls, 6);
  assert.equal((await rowsOf('out')).length, 6);
  assert.deepEqual(totals[0]?.tokens, sumOfParts([before, ...during]).tokens);
});

function endedCall(): EndedCall {
  return {
    id: makeId(),
    startedAt: new Date().toISOString(),
    conversationId: null,
    agent: null,
    purpose: 'turn',
    ...haiku,
    isSimulated: false,
    outcome: 'answered',
    stop: 'stop',
    errorCode: null,
    usage: { ...noUsage, inputTokens: 7 },
    cost: { usd: 0.25, source: 'table' },
    timings: { firstTokenMs: 10, totalMs: 20 },
    attempts: 1,
    skipped: [],
  };
}
