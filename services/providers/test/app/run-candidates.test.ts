import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  billOf,
  type CompletionPart,
  type ModelRef,
  noUsage,
  type UnseenRequest,
} from '@mosaic/proto';
import { blankCard } from '../../src/app/catalogue.ts';
import type { RunPorts } from '../../src/app/run/run-ports.ts';
import { runCandidates } from '../../src/app/run-candidates.ts';
import { makeFault } from '../../src/app/vendor/vendor-fault.ts';

import type {
  CompletionRequest,
  Timers,
  Vendor,
  VendorFault,
  VendorPart,
} from '../../src/app/vendor/vendor-port.ts';
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

const unheard = { answers: () => {}, ended: () => {} };
const freely = {
  budget: { countCall: () => {}, takeRetry: () => true },
};

function portsOf(
  vendors: readonly Vendor[],
  changes: Partial<RunPorts>,
  context = [100],
): RunPorts {
  return {
    resolve(candidate, except) {
      if (except.size > 0) return { obstacle: makeFault('provider_auth', 'No other key.') };
      const index = Number(candidate.model);
      const vendor = vendors[index];
      if (!vendor) return { obstacle: makeFault('missing_key', 'No key.') };
      const card = { ...blankCard(candidate.model), contextTokens: context[index] ?? null };
      return { vendor, card, isSimulated: false, keyId: 'only', permit: unheard };
    },
    ...freely,
    deadlinesOf: () => ({ firstPartMs: 60_000, idleMs: 60_000, settleMs: 100 }),
    totalMs: 600_000,
    timers: jumpingTimers(),
    ...changes,
  };
}

const requestFor = (candidates: ModelRef[]): CompletionRequest => ({
  candidates,
  system: null,
  turns: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  tools: [],
  toolChoice: 'auto',
  temperature: 1,
  purpose: 'turn',
});

async function run(vendors: readonly Vendor[], changes: Partial<RunPorts> = {}, context = [100]) {
  const parts: CompletionPart[] = [];
  const ports = portsOf(vendors, changes, context);
  const candidates = vendors.map(({ name }, index) => ({ provider: name, model: String(index) }));
  const request = requestFor(
    candidates.length > 0 ? candidates : [{ provider: 'zai', model: '9' }],
  );
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

test('what vendors counted before anything was shown is not lost when all of them fail', async () => {
  const counted = (inputTokens: number): VendorPart => ({
    type: 'usage',
    usage: { ...noUsage, inputTokens },
    costUsd: inputTokens / 1_000,
  });
  const vendors = [
    scripted('anthropic', [counted(5), fails('provider_quota')]),
    scripted('openai', [counted(7), fails('provider_quota')]),
  ];
  const [part] = await run(vendors);
  assert.ok(part?.type === 'error' && part.phase === 'before-first-part');
  const bill = billOf(part);
  assert.equal(bill.usage?.inputTokens, 12);
  assert.deepEqual(bill.cost, { usd: 0.012, source: 'vendor' });
  assert.equal(part.usage, null, 'nothing was shown');
});

test('a request that broke off unseen is told beside the answer of the next; a refused one is not', async () => {
  const began: VendorPart = { type: 'answering', model: 'gpt-long' };
  const vendors = [
    scripted('openai', [began, fails('provider_timeout')]),
    scripted('zai', [began, fails('provider_quota')]),
    scripted('anthropic', [text, finished]),
  ];
  const heard: string[] = [];
  const onUnseen: RunPorts['onUnseen'] = ({ model }) => void heard.push(model);
  const end = (await run(vendors, { onUnseen })).at(-1);
  assert.ok(end?.type === 'end' && end.unseen?.length === 1);
  const [{ provider, model, errorCode, usage }] = end.unseen as [UnseenRequest];
  assert.deepEqual([provider, model, errorCode], ['openai', 'gpt-long', 'provider_timeout']);
  assert.ok(usage.isEstimated && usage.inputTokens > 0);
  assert.deepEqual(heard, ['gpt-long']);
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
    resolve: () => {
      const card = blankCard('m');
      return { vendor, card, isSimulated: false, keyId: 'only', permit: unheard };
    },
    ...freely,
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

describe('a candidate that is limited', () => {
  const limited = fails('provider_rate_limited');
  const resting = (retryAfterMs: number) => ({
    obstacle: makeFault('provider_rate_limited', 'It rests.', retryAfterMs),
  });

  test('whose keys rest shortly is waited for, and asked then', async () => {
    const vendor = scripted('zai', [text, finished]);
    let looks = 0;
    const usable = { vendor, card: blankCard('m'), isSimulated: false, keyId: 'only' };
    const parts = await run([vendor], {
      resolve: () => {
        looks += 1;
        return looks === 1 ? resting(2_000) : { ...usable, permit: unheard };
      },
    });
    const end = parts.at(-1);
    assert.ok(end?.type === 'end' && end.timings.totalMs >= 2_000);
  });

  test('is not waited for longer than that, nor beyond the end of the whole call', async () => {
    for (const [restMs, totalMs] of [
      [2_001, 600_000],
      [2_000, 1_500],
    ] as const) {
      const vendor = scripted('zai', [text, finished]);
      const [error] = await run([vendor], { resolve: () => resting(restMs), totalMs });
      assert.ok(error?.type === 'error');
      assert.equal(error.failure.code, 'provider_rate_limited');
      assert.equal(error.timings.totalMs, 0);
    }
  });

  test('is asked once more when the budget lets it, and else left to the next', async () => {
    for (const isAllowed of [true, false]) {
      const vendor = scripted('zai', [limited]);
      const next = scripted('openai', [text, finished]);
      const budget = { countCall: () => {}, takeRetry: () => isAllowed };
      const parts = await run([vendor, next], { budget });
      assert.equal(parts[0]?.type === 'start' && parts[0].provider, 'openai');
      assert.equal(vendor.asked, isAllowed ? 2 : 1);
    }
  });

  test('counts as one call at its vendor, however often it is asked', async () => {
    const calls: string[] = [];
    const budget = { countCall: (name: string) => calls.push(name), takeRetry: () => true };
    const vendors = [scripted('zai', [limited]), scripted('zai', [text, finished])];
    await run(vendors, { budget });
    assert.deepEqual(calls, ['zai']);
    assert.equal(vendors[0]?.asked, 2);
    assert.equal(vendors[1]?.asked, 1);
  });
});

describe('leave to make a request', () => {
  const watched = () => {
    const words: string[] = [];
    const permit = {
      answers: () => words.push('answers'),
      ended: (fault: VendorFault | null) => words.push(fault?.code ?? 'well'),
    };
    return { words, permit };
  };
  const runWatched = async (vendor: Vendor, isCutShort: boolean) => {
    const { words, permit } = watched();
    const ports = portsOf([vendor], {
      resolve: () => {
        const card = blankCard('m');
        return { vendor, card, isSimulated: false, keyId: 'only', permit };
      },
    });
    const request = requestFor([{ provider: vendor.name, model: 'm' }]);
    for await (const part of runCandidates(request, new AbortController().signal, ports)) {
      if (part.type === 'text' && isCutShort) break;
    }
    return words;
  };

  test('hears of the first part and of the end', async () => {
    const words = await runWatched(scripted('zai', [text, finished]), false);
    assert.deepEqual(words.slice(0, 2), ['answers', 'well']);
  });

  test('hears of a failure after the first part', async () => {
    const words = await runWatched(scripted('zai', [text, fails('provider_failed')]), false);
    assert.deepEqual(words.slice(0, 2), ['answers', 'provider_failed']);
  });

  test('is given back when nobody reads on', async () => {
    const words = await runWatched(scripted('zai', [text]), true);
    assert.deepEqual(words, ['answers', 'cancelled']);
  });
});
