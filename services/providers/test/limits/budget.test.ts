import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { waitFor } from '@mosaic/test-kit';
import { gpt, haiku } from '../ledger/ledger-stack.ts';
import { failureOf, local, opus, startLimitsStack } from './limits-stack.ts';

// What a request without a bound is taken to cost at most: 4,096 tokens of output, and a few of input.
const haikuUsd = 0.0205;
const opusUsd = 0.1025;
const patience = { timeoutMs: 60_000 };
/** Renewed at each third of it: the rest is for a machine that is busy just then. */
const leaseMs = 2_500;

let stack: Awaited<ReturnType<typeof startLimitsStack>>;
before(async () => {
  stack = await startLimitsStack();
  await stack.startProviders({ MOSAIC_BUDGET_LEASE_MS: String(leaseMs) });
});
after(() => stack.stop());

const asked = () => stack.vendors.journal.filter((one) => /messages|responses|chat/.test(one.path));

test('an answer that the budget does not hold is refused in words that a person can act on', async () => {
  const caller = stack.bus.person('ref');
  await stack.put('ref', { budgetUsdPerDay: opusUsd - 0.001 });
  const before = asked().length;
  const failure = failureOf(await stack.ask({ caller, candidates: [opus] }));
  assert.equal(failure?.code, 'budget_exceeded');
  assert.equal(failure.isRetryable, false);
  assert.match(
    failure.message,
    /^Of today's budget of \$0\.1015, \$0\.1015 is left \(\$0\.00 spent\)\. This answer may cost up to \$0\.102\d*\. The budget begins anew at 00:00 UTC, in [\dhmin ]+; an administrator can raise it\. A cheaper or a local model may still answer\.$/,
  );
  assert.ok((failure.retryAfterMs ?? 0) <= 86_400_000);
  assert.equal(asked().length, before, 'no vendor was asked');
  const { totals } = await stack.reportOf(caller, 1);
  assert.deepEqual([totals[0]?.unansweredCalls, totals[0]?.unknownCostCalls], [1, 0]);
});

test('two at once cannot both have the last cents; when one is over, the other may', async () => {
  const caller = stack.bus.person('two');
  await stack.put('two', { budgetUsdPerDay: haikuUsd * 1.5 });
  stack.vendors.script({ vendor: 'anthropic', reply: 'word '.repeat(500), paceMs: 10 });
  let hasText = false;
  const onPart = ({ type }: { type: string }) => {
    hasText ||= type === 'text';
  };
  const running = stack.ask({ caller, candidates: [haiku], onPart });
  await waitFor(() => hasText, patience);
  const { today } = await stack.limitsOf(caller);
  assert.ok(Math.abs(today.reservedUsd - haikuUsd) < 0.001, String(today.reservedUsd));
  const refused = failureOf(await stack.ask({ caller, candidates: [haiku] }));
  assert.match(refused?.message ?? '', /and \$0\.02\d* set aside for answers under way/);
  const first = await running;
  assert.ok(first.type === 'end');
  const settled = await stack.settled(caller);
  assert.equal(settled.spentUsd, first.cost.usd);
  assert.equal((await stack.ask({ caller, candidates: [haiku] })).type, 'end');
});

test('a cheaper candidate answers when the first is too expensive, and says why', async () => {
  const caller = stack.bus.person('che');
  await stack.put('che', { budgetUsdPerDay: opusUsd / 2 });
  const parts = await stack.hear({ caller, candidates: [opus, haiku] });
  const [start] = parts;
  assert.ok(start?.type === 'start' && start.model.startsWith('claude-haiku'));
  assert.match(start.skipped[0]?.why ?? '', /^Of today's budget/);
});

test('a candidate that costs more has to ask again; what failed before it does not pay for it', async () => {
  const caller = stack.bus.person('mor');
  await stack.put('mor', { budgetUsdPerDay: opusUsd / 2 });
  stack.vendors.script({ model: haiku.model, times: 2, fault: { kind: 'status', status: 529 } });
  const failure = failureOf(await stack.ask({ caller, candidates: [haiku, opus] }));
  assert.equal(failure?.code, 'no_model_available');
  assert.match(failure.message, /claude-opus-4-6: Of today's budget/);
  await stack.settled(caller);
});

test('what failed unseen is spent too: the next call finds the budget without it', async () => {
  const caller = stack.bus.person('uns');
  await stack.put('uns', { budgetUsdPerDay: 0.09 });
  const usage = { inputTokens: 30_000, outputTokens: 5 };
  const fault = { kind: 'cut', afterChunks: 0 } as const;
  stack.vendors.script({ vendor: 'anthropic', times: 2, usage, fault });
  const end = await stack.ask({ caller, candidates: [haiku, local] });
  assert.ok(end.type === 'end' && end.cost.usd === 0);
  const { spentUsd, unknownCostCalls } = await stack.settled(caller);
  assert.ok(Math.abs(spentUsd - 0.06) < 1e-4, String(spentUsd));
  assert.equal(unknownCostCalls, 0);
  const failure = failureOf(await stack.ask({ caller, candidates: [opus] }));
  assert.match(failure?.message ?? '', /\$0\.03 is left \(\$0\.06 spent\)/);
});

test('a local model always answers, also when nothing at all may be spent', async () => {
  const caller = stack.bus.person('loc');
  await stack.put('loc', { budgetUsdPerDay: 0 });
  const last = await stack.ask({ caller, candidates: [haiku, local] });
  assert.equal(last.type, 'end');
});

test('a title is held to the budget too: it costs', async () => {
  const caller = stack.bus.person('tit');
  await stack.put('tit', { budgetUsdPerDay: 0 });
  const last = await stack.ask({ caller, candidates: [haiku], more: { purpose: 'title' } });
  assert.equal(failureOf(last)?.code, 'budget_exceeded');
});

test('an answer that takes longer than a lease keeps its money until it is in the ledger', async () => {
  const caller = stack.bus.person('lon');
  await stack.put('lon', { budgetUsdPerDay: 1 });
  stack.vendors.script({ vendor: 'anthropic', reply: 'word '.repeat(500), paceMs: 11 });
  const sums: number[] = [];
  let isOver = false;
  const running = stack.ask({ caller, candidates: [haiku] }).finally(() => {
    isOver = true;
  });
  await waitFor(async () => (await stack.limitsOf(caller)).today.reservedUsd > 0, patience);
  while (!isOver) {
    const { reservedUsd, spentUsd } = (await stack.limitsOf(caller)).today;
    sums.push(reservedUsd + spentUsd);
  }
  const last = await running;
  assert.ok(last.type === 'end' && last.timings.totalMs > 2 * leaseMs, 'two leases long');
  assert.ok(sums.every((sum) => sum > 0));
  assert.equal((await stack.settled(caller)).spentUsd, last.cost.usd);
});

test('without PostgreSQL people are answered and warned, and what it cost counts when it is back', async () => {
  const caller = stack.bus.person('out');
  await stack.put('out', { budgetUsdPerDay: haikuUsd * 1.2 });
  const usage = { inputTokens: 10, outputTokens: 2_000 };
  stack.vendors.script({ vendor: 'anthropic', times: 2, usage });
  await stack.stopDatabase();
  const parts = await stack.hear({ caller, candidates: [haiku] });
  assert.equal(parts.at(-1)?.type, 'end');
  const warnings = parts.flatMap((part) => (part.type === 'warning' ? [part.message] : []));
  assert.deepEqual(warnings, [
    'The budget of today could not be checked now, so this answer is not held to it; it will be counted.',
  ]);
  await stack.startDatabase();
  const failure = await waitFor(
    async () => failureOf(await stack.ask({ caller, candidates: [haiku] })),
    { timeoutMs: 60_000, what: 'the spent budget to be known' },
  );
  assert.equal(failure.code, 'budget_exceeded');
  assert.ok((await stack.settled(caller)).spentUsd >= 0.01);
});

test('where the operator allows no unknown prices, a model without one is asked only without a budget', async () => {
  const other = await startLimitsStack();
  try {
    await other.startProviders({
      MOSAIC_BUDGET_UNKNOWN_PRICES: 'refuse',
      MOSAIC_USER_BUDGET_USD_PER_DAY: '1',
    });
    // The vendor has it, and no card of ours does.
    const unpriced = { ...gpt, model: 'gpt-5.4-2nd' };
    const ask = (name: string) =>
      other.ask({ caller: other.bus.person(name), candidates: [unpriced] });
    await other.put('free', { budgetUsdPerDay: null });
    assert.equal((await ask('free')).type, 'end');
    const failure = failureOf(await ask('held'));
    assert.equal(failure?.code, 'budget_exceeded');
    assert.match(failure.message, /Nobody knows what gpt-5\.4-2nd costs/);
  } finally {
    await other.stop();
  }
});
