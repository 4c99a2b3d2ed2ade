import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CompletionPart, noUsage, streamCompletion } from '@mosaic/proto';
import { end, start } from '@mosaic/test-kit/samples';
import { anthropicCards } from '../../src/anthropic/models.ts';
import { anthropicRules } from '../../src/anthropic/wire.ts';
import { buildRequest } from '../../src/app/build-request.ts';
import type { Reservations, ReserveWish, Verdict } from '../../src/app/limits/budget-port.ts';
import { estimateInputTokens, worstCaseUsd } from '../../src/app/limits/estimate-call.ts';
import { type Guard, spendWithin } from '../../src/app/limits/spend-within.ts';
import type { Resolved } from '../../src/app/run/run-ports.ts';
import { makeFault } from '../../src/app/vendor/vendor-fault.ts';
import type { Vendor, VendorPart, VendorRequest } from '../../src/app/vendor/vendor-port.ts';
import { plainRequest } from '../requests/all-models.ts';
import { sampleRequest } from '../vendors/sample-request.ts';

const cardOf = (model: string) => {
  const card = anthropicCards.find((one) => one.model === model);
  if (card === undefined) throw new Error(`no card of ${model}`);
  return card;
};
const haiku = cardOf('claude-haiku-4-5');
const opus = cardOf('claude-opus-4-6');
const finished: VendorPart = { type: 'finished', stop: { unified: 'stop', raw: 'end_turn' } };

/** A vendor that answers, and a purse that keeps what it was asked for. */
function openPurse(answer: (wish: ReserveWish) => Verdict) {
  const wishes: ReserveWish[] = [];
  const released: string[] = [];
  let asked = 0;
  const vendor: Vendor = {
    name: 'anthropic',
    rules: anthropicRules,
    cards: anthropicCards,
    isListComplete: false,
    async *ask() {
      asked += 1;
      yield finished;
    },
    listModels: async () => [],
    toFault: () => ({ code: 'provider_failed', message: '', retryAfterMs: null }),
  };
  const reservations: Reservations = {
    async reserve(_, wish) {
      wishes.push(wish);
      return answer(wish);
    },
    release: (callId) => void released.push(callId),
  };
  const call = { id: 'call-1', startedAt: '2026-11-25T12:00:00.000Z' };
  const timers = { now: () => Date.parse('2026-11-25T20:30:00.000Z') };
  const whose = { userId: 'ada', call, limitUsd: 1, allowsUnknownPrices: true };
  const spend = (ask: (guard: Guard) => AsyncIterable<CompletionPart>) =>
    spendWithin(ask, { ...whose, reservations, timers });
  return { vendor, wishes, released, spend, asked: () => asked };
}

const asking = { keyId: 'key', permit: { answers: () => {}, ended: () => {} } };
const nothing = { spentUsd: 0, reservedUsd: 0, unknownCostCalls: 0 };
const allowed: Verdict = { isAllowed: true, spending: nothing };
const refused: Verdict = { isAllowed: false, spending: { ...nothing, spentUsd: 0.95 } };

async function askGuarded(resolved: Resolved, request: VendorRequest): Promise<VendorPart[]> {
  if (!('vendor' in resolved)) throw new Error('an obstacle');
  const parts: VendorPart[] = [];
  for await (const part of resolved.vendor.ask(request, AbortSignal.any([]))) parts.push(part);
  return parts;
}

test('money is set aside before the vendor is asked: once, and again only for what costs more', async () => {
  const purse = openPurse(() => allowed);
  const parts = purse.spend(async function* (guard) {
    const { vendor } = purse;
    for (const card of [haiku, haiku, opus, haiku]) {
      const guarded = guard({ vendor, card, isSimulated: false, ...asking });
      assert.deepEqual(await askGuarded(guarded, sampleRequest({ card })), [finished]);
    }
    yield start;
    yield end;
  });
  assert.deepEqual(await Array.fromAsync(parts), [start, end]);
  const amounts = purse.wishes.map((wish) => wish.usd ?? 0);
  assert.equal(amounts.length, 2);
  assert.ok((amounts[1] ?? 0) > (amounts[0] ?? 0));
  assert.deepEqual([purse.asked(), purse.released], [4, ['call-1']]);
});

test('what a failed request has used is set aside with what the next one may cost', async () => {
  const purse = openPurse(() => allowed);
  const used: VendorPart = {
    type: 'usage',
    usage: { ...noUsage, inputTokens: 1_000_000 },
    costUsd: null,
  };
  const failed: VendorPart = { type: 'failed', fault: makeFault('provider_cut', 'cut') };
  const failing = {
    ...purse.vendor,
    async *ask() {
      yield* [used, failed];
    },
  };
  const parts = purse.spend(async function* (guard) {
    for (const vendor of [failing, purse.vendor]) {
      const guarded = guard({ vendor, card: haiku, isSimulated: false, ...asking });
      await askGuarded(guarded, sampleRequest({ card: haiku }));
    }
    yield end;
  });
  await Array.fromAsync(parts);
  const [first = 0, second = 0] = purse.wishes.map((wish) => wish.usd ?? 0);
  assert.ok(Math.abs(second - first - 1) < 1e-9, `${first}, then ${second}`);
});

test('a simulated vendor is asked without money', async () => {
  const purse = openPurse(() => refused);
  const parts = purse.spend(async function* (guard) {
    const guarded = guard({ vendor: purse.vendor, card: opus, isSimulated: true, ...asking });
    await askGuarded(guarded, sampleRequest({ card: opus }));
    yield end;
  });
  await Array.fromAsync(parts);
  assert.deepEqual([purse.asked(), purse.wishes], [1, []]);
});

test('when no vendor was asked for want of money, that is told, whatever else was in the way', async () => {
  const purse = openPurse(() => refused);
  const failed = streamCompletion.failedPart(
    { code: 'no_model_available', message: 'No candidate could answer.', isRetryable: true },
    false,
  );
  const parts = purse.spend(async function* (guard) {
    const guarded = guard({ vendor: purse.vendor, card: opus, isSimulated: false, ...asking });
    await askGuarded(guarded, sampleRequest({ card: opus }));
    yield failed;
  });
  const [part] = await Array.fromAsync(parts);
  assert.ok(part?.type === 'error');
  assert.equal(part.failure.code, 'budget_exceeded');
  assert.match(part.failure.message, /\$0\.05 is left \(\$0\.95 spent\)/);
  assert.match(part.failure.message, /in 3 h 30 min; an administrator can raise it/);
  assert.equal(part.failure.retryAfterMs, 3.5 * 3_600_000);
});

test('who has left is told that, and who could not be checked is warned at every try', async () => {
  const purse = openPurse(() => 'unchecked');
  const gone = streamCompletion.failedPart(
    { code: 'cancelled', message: 'The request was cancelled.', isRetryable: false },
    false,
  );
  const heard: VendorPart[] = [];
  const parts = purse.spend(async function* (guard) {
    const guarded = guard({ vendor: purse.vendor, card: opus, isSimulated: false, ...asking });
    for (const _ of [1, 2])
      heard.push(...(await askGuarded(guarded, sampleRequest({ card: opus }))));
    yield gone;
  });
  assert.deepEqual(await Array.fromAsync(parts), [gone]);
  assert.deepEqual(
    heard.map((part) => part.type),
    ['warning', 'finished', 'warning', 'finished'],
  );
  const poor = openPurse(() => refused);
  const refusedThenGone = poor.spend(async function* (guard) {
    const guarded = guard({ vendor: poor.vendor, card: opus, isSimulated: false, ...asking });
    await askGuarded(guarded, sampleRequest({ card: opus }));
    yield gone;
  });
  assert.deepEqual(await Array.fromAsync(refusedThenGone), [gone]);
});

test('an estimate counts Chinese by its bytes, images by their number, and caches at their price', () => {
  const says = (text: string) => ({ system: text, tools: [], turns: [] });
  const [latin, chinese] = [says('a'.repeat(4_000)), says('语'.repeat(4_000))];
  assert.ok(estimateInputTokens(chinese) >= 3 * estimateInputTokens(latin) - 20);
  const image = { type: 'image' as const, mediaType: 'image/png', base64: 'A'.repeat(400_000) };
  const seen = { system: null, tools: [], turns: [{ role: 'user' as const, content: [image] }] };
  const tokens = estimateInputTokens(seen);
  assert.ok(tokens >= 1_600 && tokens < 1_700, String(tokens));
  const request = sampleRequest({ card: opus, system: 'a'.repeat(400_000), maxOutputTokens: 10 });
  const once = worstCaseUsd('anthropic', { ...request, isPrefixReused: false }) ?? 0;
  const kept = worstCaseUsd('anthropic', { ...request, isPrefixReused: true }) ?? 0;
  assert.ok(once > 0.5 && kept > once * 1.2 && kept < once * 1.3, `${once} and ${kept}`);
  const unpriced = { ...request, card: { ...opus, price: null } };
  assert.equal(worstCaseUsd('ollama', unpriced), 0);
  assert.equal(worstCaseUsd('anthropic', unpriced), null);
});

test('a limit that only the vendor wants is no wish: the answer is taken for a usual one', () => {
  const usdOf = (maxOutputTokens?: number) => {
    const { request } = buildRequest(
      { ...plainRequest, turns: [{ role: 'user', content: [] }], maxOutputTokens },
      {
        candidate: { provider: 'anthropic', model: opus.model },
        card: opus,
        rules: anthropicRules,
      },
    );
    assert.equal(request.maxOutputTokens, maxOutputTokens ?? 128_000);
    return worstCaseUsd('anthropic', request) ?? 0;
  };
  assert.ok(usdOf() > 0.1 && usdOf() < 0.11, String(usdOf()));
  assert.ok(usdOf(100_000) > 2.5);
});
