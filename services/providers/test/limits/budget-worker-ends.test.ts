import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { waitFor } from '@mosaic/test-kit';
import { haiku } from '../ledger/ledger-stack.ts';
import { failureOf, startLimitsStack } from './limits-stack.ts';

let stack: Awaited<ReturnType<typeof startLimitsStack>>;
before(async () => {
  stack = await startLimitsStack();
});
after(() => stack.stop());

const patience = { timeoutMs: 60_000 };
const lease = { MOSAIC_BUDGET_LEASE_MS: '8000', MOSAIC_USER_BUDGET_USD_PER_DAY: '0.03' };

test('what a worker had set aside when it was killed is free again soon, and what it had spent stays spent', async () => {
  const caller = stack.bus.person('kim');
  const worker = await stack.spawnProviders(lease);
  await stack.put('kim', { budgetUsdPerDay: 0.03 });
  const first = await stack.ask({ caller, candidates: [haiku] });
  assert.ok(first.type === 'end');
  stack.vendors.script({ vendor: 'anthropic', reply: 'word '.repeat(5_000), paceMs: 10 });
  let hasText = false;
  const onPart = ({ type }: { type: string }) => {
    hasText ||= type === 'text';
  };
  const interrupted = stack.ask({ caller, candidates: [haiku], onPart });
  await waitFor(() => hasText, patience);
  await stack.startProviders(lease);
  await worker.kill();
  // Until the bus knows that it is gone it may be asked.
  const isAlone = async () =>
    (await stack.gateway.discover(100)).filter(({ name }) => name === 'providers').length === 1;
  await waitFor(isAlone, patience);
  const refused = failureOf(await stack.ask({ caller, candidates: [haiku] }));
  assert.match(refused?.message ?? '', /set aside for answers under way/);
  assert.equal(failureOf(await interrupted)?.code, 'service_lost');
  const { spentUsd } = await stack.settled(caller);
  assert.equal(spentUsd, first.cost.usd);
  assert.equal((await stack.ask({ caller, candidates: [haiku] })).type, 'end');
});
