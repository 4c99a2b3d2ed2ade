import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CompletionPart } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { haiku, startLedgerStack, sumOfParts } from './ledger-stack.ts';

let stack: Awaited<ReturnType<typeof startLedgerStack>>;
before(async () => {
  stack = await startLedgerStack();
});
after(() => stack.stop());

test('a worker that is killed leaves one row per answer that was seen, and an open one for what it was doing', async () => {
  const caller = stack.bus.person('kim');
  const worker = await stack.spawnProviders();
  await stack.stopDatabase();
  const seen: CompletionPart[] = [];
  for (let round = 0; round < 3; round += 1) {
    seen.push(await stack.ask({ caller, candidates: [haiku] }));
  }
  stack.vendors.script({ vendor: 'anthropic', reply: 'word '.repeat(5_000), paceMs: 10 });
  let hasText = false;
  const onPart = (part: CompletionPart) => {
    hasText ||= part.type === 'text';
  };
  const interrupted = stack.ask({ caller, candidates: [haiku], onPart });
  await waitFor(() => hasText, { timeoutMs: 60_000 });
  await worker.kill();
  // Its records come again half a minute after they were handed out: that is the test's time.
  await stack.startDatabase();
  await stack.startProviders();
  const lost = await interrupted;
  assert.ok(lost.type === 'error' && lost.failure.code === 'service_lost', JSON.stringify(lost));
  const { totals } = await waitFor(
    async () => {
      const found = await stack.report(caller).catch(() => undefined);
      return found?.totals[0]?.calls === 4 && found.totals[0].openCalls === 1 ? found : undefined;
    },
    { timeoutMs: 90_000, what: 'the rows of the worker that died' },
  );
  assert.deepEqual(totals[0]?.tokens, sumOfParts(seen).tokens);
  assert.equal(totals[0]?.unknownCostCalls, 0);
});

test('without a database calls are answered, and the report says why there is none', async () => {
  const other = await startLedgerStack();
  try {
    await other.stopDatabase();
    await other.startProviders({ DATABASE_URL: '' });
    const caller = other.bus.person('una');
    const last = await other.ask({ caller, candidates: [haiku] });
    assert.equal(last.type, 'end');
    await assert.rejects(other.report(caller), (error: Error) =>
      /DATABASE_URL/.test(error.message),
    );
  } finally {
    await other.stop();
  }
});
