import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletionPart } from '@mosaic/proto';
import { blankCard } from '../../src/app/catalogue.ts';
import { type RunPorts, runCandidates } from '../../src/app/run-candidates.ts';
import { makeFault } from '../../src/app/vendor/vendor-fault.ts';
import type { Timers, Vendor, VendorPart } from '../../src/app/vendor/vendor-port.ts';
import { openAiRules } from '../../src/openai/wire.ts';

/** Time that passes only when somebody waits for it. */
function jumpingTimers(): Timers {
  let now = 0;
  return {
    now: () => now,
    random: () => 0,
    after(delayMs, run) {
      const timer = setImmediate(() => {
        now += delayMs;
        run();
      });
      return () => clearImmediate(timer);
    },
  };
}

/** A vendor that says what it is told to, then waits for ever. */
function scripted(name: Vendor['name'], parts: readonly VendorPart[]): Vendor & { asked: number } {
  return {
    name,
    asked: 0,
    rules: openAiRules,
    cards: [],
    isListComplete: false,
    async *ask(_request, signal) {
      this.asked += 1;
      yield* parts;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
    listModels: async () => [],
    toFault: () => makeFault('internal', 'not scripted'),
  };
}

async function run(vendors: readonly Vendor[], changes: Partial<RunPorts> = {}, context = [100]) {
  const parts: CompletionPart[] = [];
  const ports: RunPorts = {
    resolve(candidate) {
      const index = Number(candidate.model);
      const vendor = vendors[index];
      if (!vendor) return { obstacle: makeFault('missing_key', 'No key.') };
      const card = { ...blankCard(candidate.model), contextTokens: context[index] ?? null };
      return { vendor, card, isSimulated: false };
    },
    record: () => {},
    deadlinesOf: () => ({ firstPartMs: 60_000, idleMs: 60_000, settleMs: 100 }),
    totalMs: 600_000,
    timers: jumpingTimers(),
    ...changes,
  };
  const candidates = vendors.map((vendor, index) => ({
    provider: vendor.name,
    model: String(index),
  }));
  const request = {
    candidates: candidates.length > 0 ? candidates : [{ provider: 'zai' as const, model: '9' }],
    system: null,
    turns: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }],
    tools: [],
    toolChoice: 'auto' as const,
    temperature: 1,
    purpose: 'turn' as const,
  };
  for await (const part of runCandidates(request, new AbortController().signal, ports)) {
    parts.push(part);
  }
  return parts;
}

const fails = (code: Parameters<typeof makeFault>[0]): VendorPart => ({
  type: 'failed',
  fault: makeFault(code, code),
});
const text: VendorPart = { type: 'text', text: 'Hello' };
const finished: VendorPart = { type: 'finished', stop: { unified: 'stop', raw: 'stop' } };

test('shows nothing of an answer that has nothing to show yet', async () => {
  const seal: VendorPart = { type: 'reasoning', text: '', signature: 'sealed' };
  const first = scripted('anthropic', [
    { type: 'answering', model: 'x' },
    seal,
    fails('provider_auth'),
  ]);
  const second = scripted('openai', [seal, text, finished]);
  const parts = await run([first, second]);
  assert.deepEqual(
    parts.map((part) => part.type),
    ['start', 'reasoning', 'text', 'end'],
  );
  assert.equal(parts[0]?.type === 'start' && parts[0].provider, 'openai');
});

test('one end-to-end deadline holds for all candidates together', async () => {
  const silent = () => scripted('zai', []);
  const [first, second, third] = [silent(), silent(), silent()];
  const parts = await run([first, second, third], { totalMs: 90_000 });
  assert.equal(parts.length, 1);
  const error = parts[0];
  assert.equal(error?.type === 'error' && error.failure.code, 'deadline_exceeded');
  assert.equal(error?.type === 'error' && error.timings.totalMs, 90_000);
  assert.deepEqual([first.asked, second.asked, third.asked], [1, 1, 0]);
});

test('a slow reader does not make the vendor look silent', async () => {
  const vendor = scripted('zai', [text, text, finished]);
  const timers = jumpingTimers();
  const parts: string[] = [];
  const ports: RunPorts = {
    resolve: () => ({ vendor, card: blankCard('m'), isSimulated: false }),
    record: () => {},
    deadlinesOf: () => ({ firstPartMs: 10, idleMs: 10, settleMs: 10 }),
    totalMs: 600_000,
    timers,
  };
  const request = {
    candidates: [{ provider: 'zai' as const, model: 'm' }],
    system: null,
    turns: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }],
    tools: [],
    toolChoice: 'auto' as const,
    purpose: 'turn' as const,
  };
  for await (const part of runCandidates(request, new AbortController().signal, ports)) {
    parts.push(part.type);
    await new Promise<void>((resolve) => timers.after(5_000, resolve));
  }
  assert.deepEqual(parts, ['start', 'text', 'text', 'end']);
});

test('a conversation that is too long goes on to a model that reads more, past those that do not', async () => {
  const short = scripted('anthropic', [fails('context_too_long')]);
  const shorter = scripted('openai', [text, finished]);
  const longer = scripted('openrouter', [text, finished]);
  const parts = await run([short, shorter, longer], {}, [100, 50, 200]);
  assert.equal(parts[0]?.type === 'start' && parts[0].provider, 'openrouter');
  assert.equal(shorter.asked, 0);
});

test('a fault of the request is not carried from vendor to vendor', async () => {
  const first = scripted('anthropic', [fails('provider_refused')]);
  const second = scripted('openai', [text, finished]);
  const parts = await run([first, second]);
  assert.equal(parts[0]?.type === 'error' && parts[0].failure.code, 'provider_refused');
  assert.equal(second.asked, 0);
});

test('the only candidate’s own fault is told, not a summary of one', async () => {
  const parts = await run([]);
  assert.equal(parts[0]?.type === 'error' && parts[0].failure.code, 'missing_key');
});
