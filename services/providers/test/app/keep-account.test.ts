import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CompletionPart, type EndedCall, noUsage, type StartedCall } from '@mosaic/proto';
import {
  type AccountPorts,
  keepAccount,
  type RequestWatch,
} from '../../src/app/account/keep-account.ts';
import type { CompletionRequest } from '../../src/app/vendor/vendor-port.ts';

const haiku = { provider: 'anthropic', model: 'claude-haiku-4-5' } as const;
const gpt = { provider: 'openai', model: 'gpt-5.4' } as const;
const request: CompletionRequest = {
  candidates: [haiku, gpt],
  system: null,
  turns: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  tools: [],
  toolChoice: 'auto',
  purpose: 'turn',
  agent: 'coder',
};
const start: CompletionPart = { type: 'start', ...gpt, skipped: [], isSimulated: false };
const timings = { firstTokenMs: 1, totalMs: 2 };
const cost = { usd: 0.5, source: 'vendor' } as const;
const end: CompletionPart = {
  type: 'end',
  stop: { unified: 'stop', raw: null },
  usage: { ...noUsage, outputTokens: 3 },
  cost,
  timings,
};

/** An account that keeps what it is told; time passes only when somebody waits for it. */
function openAccount(keep: () => Promise<void> = async () => {}) {
  const starts: StartedCall[] = [];
  const ends: EndedCall[] = [];
  let waitedMs = 0;
  const ports: AccountPorts = {
    account: {
      async started(call) {
        starts.push(call);
      },
      ended(call) {
        ends.push(call);
        return keep();
      },
    },
    timers: {
      now: () => 0,
      after(delayMs, run) {
        const timer = setImmediate(() => {
          waitedMs += delayMs;
          run();
        });
        return () => clearImmediate(timer);
      },
    },
    makeId: () => 'call-1',
    isSimulated: (provider) => provider === 'zai',
  };
  return { starts, ends, ports, waitedMs: () => waitedMs };
}

const say = (parts: readonly CompletionPart[], attempts = 1) =>
  async function* (watch: RequestWatch) {
    for (let count = 0; count < attempts; count += 1) watch.asked();
    yield* parts;
  };

async function take(parts: AsyncIterable<CompletionPart>, most = Number.POSITIVE_INFINITY) {
  const taken: CompletionPart[] = [];
  for await (const part of parts) {
    taken.push(part);
    if (taken.length >= most) break;
  }
  return taken;
}

test('passes every part on and records who answered, what it used and how often was asked', async () => {
  const { ends, ports, starts } = openAccount();
  const parts: CompletionPart[] = [start, { type: 'text', text: 'Hello' }, end];
  assert.deepEqual(await take(keepAccount(request, say(parts, 3), ports)), parts);
  assert.deepEqual(
    starts.map((call) => [call.id, call.provider, call.agent]),
    [['call-1', 'anthropic', 'coder']],
  );
  assert.equal(ends.length, 1);
  const [record] = ends;
  assert.equal(record?.id, 'call-1');
  assert.equal(record.provider, 'openai');
  assert.equal(record.attempts, 3);
  assert.equal(record.outcome, 'answered');
  assert.deepEqual([record.usage?.outputTokens, record.cost], [3, cost]);
});

test('a call that nobody could answer stands with the one that was tried last', async () => {
  const zai = { provider: 'zai', model: 'glm-5' } as const;
  const failed: CompletionPart = {
    type: 'error',
    failure: { code: 'missing_key', message: 'No key.', isRetryable: false },
    phase: 'before-first-part',
    skipped: [{ ...zai, why: 'No key.' }],
    usage: null,
    cost: { usd: null, source: 'unknown' },
    timings: { firstTokenMs: null, totalMs: 1 },
  };
  const { ends, ports } = openAccount();
  await take(keepAccount(request, say([failed], 0), ports));
  const [record] = ends;
  assert.equal(record?.provider, 'zai');
  assert.equal(record.isSimulated, true);
  assert.equal(record.attempts, 0);
  assert.deepEqual([record.outcome, record.errorCode], ['failed', 'missing_key']);
});

test('a call whose reader went away has one record, with a cost that nobody knows', async () => {
  const { ends, ports } = openAccount();
  await take(keepAccount(request, say([start, end], 0), ports), 1);
  assert.equal(ends.length, 1);
  assert.equal(ends[0]?.outcome, 'abandoned');
  assert.equal(ends[0]?.cost.usd, null);
  assert.equal(ends[0]?.attempts, 1);
});

test('what failed unseen is on the record, also when its reader went away', async () => {
  const usage = { ...noUsage, inputTokens: 5 };
  const lost = { ...haiku, errorCode: 'provider_cut', usage, cost, isSimulated: false } as const;
  const { ends, ports } = openAccount();
  const ask = async function* (watch: RequestWatch) {
    watch.unseen(lost);
    yield* [start, end];
  };
  await take(keepAccount(request, ask, ports), 1);
  assert.deepEqual([ends[0]?.outcome, ends[0]?.unseen], ['abandoned', [lost]]);
});

test('a reader who stops behind the last part changes nothing', async () => {
  const { ends, ports } = openAccount();
  await take(keepAccount(request, say([start, end]), ports), 2);
  assert.deepEqual(
    ends.map((call) => call.outcome),
    ['answered'],
  );
});

test('the last part waits for its record, but only for a second', async () => {
  let isKept = false;
  const quick = openAccount(async () => {
    await Promise.resolve();
    isKept = true;
  });
  for await (const part of keepAccount(request, say([start, end]), quick.ports)) {
    if (part.type === 'end') assert.ok(isKept);
  }
  let keepAtLast: () => void = () => {};
  const slow = openAccount(() => new Promise((resolve) => (keepAtLast = resolve)));
  const parts = keepAccount(request, say([start, end]), slow.ports);
  await parts.next();
  assert.deepEqual(await parts.next(), { done: false, value: end });
  assert.equal(slow.waitedMs(), 1_000);
  let hasReturned = false;
  const last = parts.next().then(() => (hasReturned = true));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(hasReturned, false, 'a draining service must wait for the record');
  keepAtLast();
  await last;
});
