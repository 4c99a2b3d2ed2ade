import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CompletionPart } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { haiku } from '../ledger/ledger-stack.ts';
import { failureOf, startLimitsStack } from './limits-stack.ts';

let stack: Awaited<ReturnType<typeof startLimitsStack>>;
before(async () => {
  stack = await startLimitsStack();
  // Two replicas share the questions of the bus.
  await Promise.all([stack.startProviders(), stack.startProviders()]);
});
after(() => stack.stop());

const codes = (lasts: readonly CompletionPart[]) =>
  lasts.map((last) => failureOf(last)?.code ?? 'answered');
const candidates = [haiku];

test('two replicas share the minute of a person, who is told how long to wait', async () => {
  const caller = stack.bus.person('min');
  await stack.put('min', { requestsPerMinute: 12 });
  const lasts = await Promise.all(
    Array.from({ length: 30 }, () => stack.ask({ caller, candidates })),
  );
  assert.equal(codes(lasts).filter((code) => code === 'answered').length, 12);
  const refused = lasts.flatMap((last) => failureOf(last) ?? []);
  assert.equal(refused.length, 18);
  for (const { code, isRetryable, message, retryAfterMs = 0 } of refused) {
    assert.equal(code, 'rate_limited');
    assert.equal(isRetryable, true);
    assert.ok(retryAfterMs > 0 && retryAfterMs <= 60_000, String(retryAfterMs));
    assert.match(
      message,
      /^You have reached your limit of 12 requests per minute\. Try again in \d+ s\.$/,
    );
  }
  const { totals } = await stack.reportOf(caller, 12);
  assert.equal(totals[0]?.calls, 12, 'a refused call is none, and has no row');
  const other = await stack.ask({ caller: stack.bus.person('other'), candidates });
  assert.equal(other.type, 'end');
});

test('titles take nothing of the minute; a turn goes on with its tools, but its steps count', async () => {
  const caller = stack.bus.person('own');
  await stack.put('own', { requestsPerMinute: 2 });
  const title = { more: { purpose: 'title' as const } };
  for (let count = 0; count < 3; count += 1) {
    assert.equal((await stack.ask({ caller, candidates, ...title })).type, 'end');
  }
  const call = { type: 'tool-call' as const, id: 'c1', name: 'clock', arguments: {} };
  const results = [{ callId: 'c1', name: 'clock', output: 'noon', isError: false }];
  const turns = [
    { role: 'user' as const, content: [{ type: 'text' as const, text: 'Time?' }] },
    { role: 'assistant' as const, content: [call] },
    { role: 'tool' as const, results },
  ];
  const step = (purpose: 'turn' | 'door') =>
    stack.ask({ caller, candidates, more: { turns, purpose } });
  assert.equal((await stack.ask({ caller, candidates })).type, 'end');
  for (let count = 0; count < 3; count += 1) assert.equal((await step('turn')).type, 'end');
  assert.deepEqual(codes([await step('door'), await stack.ask({ caller, candidates })]), [
    'rate_limited',
    'rate_limited',
  ]);
});

test('tokens are taken by estimate, and what was not used comes back at the end', async () => {
  const caller = stack.bus.person('tok');
  await stack.put('tok', { tokensPerMinute: 5_000 });
  const usage = (outputTokens: number) => ({ inputTokens: 10, outputTokens });
  const ask = () => stack.ask({ caller, candidates, more: { maxOutputTokens: 4_000 } });
  stack.vendors.script({ vendor: 'anthropic', times: 2, usage: usage(5) });
  stack.vendors.script({ vendor: 'anthropic', usage: usage(4_990) });
  assert.deepEqual(codes([await ask(), await ask(), await ask()]), [
    'answered',
    'answered',
    'answered',
  ]);
  const last = await ask();
  assert.equal(failureOf(last)?.code, 'rate_limited');
  assert.match(failureOf(last)?.message ?? '', /limit of 5000 tokens per minute/);
});

test('what an administrator changes holds at both replicas within moments', async () => {
  const caller = stack.bus.person('raise');
  await stack.put('raise', { requestsPerMinute: 1 });
  const ask = () => stack.ask({ caller, candidates });
  await ask();
  assert.equal(failureOf(await ask())?.code, 'rate_limited');
  const changed = await stack.put('raise', { requestsPerMinute: 1_000 });
  assert.equal(changed.limits.requestsPerMinute, 1_000);
  await waitFor(async () => (await Promise.all(Array.from({ length: 10 }, ask))).every(isAnswer), {
    timeoutMs: 60_000,
  });
  const removed = await stack.remove('raise');
  assert.equal(removed.own, null);
  assert.equal(removed.limits.requestsPerMinute, null);
});

test('when Redis is killed people are answered, and each replica counts for itself', async () => {
  const caller = stack.bus.person('red');
  await stack.put('red', { requestsPerMinute: 5 });
  assert.ok(isAnswer(await stack.ask({ caller, candidates })));
  await stack.killRedis();
  const lasts = await Promise.all(
    Array.from({ length: 30 }, () => stack.ask({ caller, candidates })),
  );
  const answered = lasts.filter(isAnswer).length;
  assert.ok(answered >= 5 && answered <= 10, `${answered} answered by two replicas`);
});

function isAnswer(last: CompletionPart): boolean {
  return last.type === 'end';
}
