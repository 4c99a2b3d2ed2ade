import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { codeFromText, makeFault, readWaitFromText } from '../../src/app/vendor/vendor-fault.ts';
import type { WireError } from '../../src/openai-compatible/explain-error.ts';
import { toFault as toOpenRouterFault } from '../../src/openrouter/faults.ts';
import { readResetMs, toFault as toZaiFault } from '../../src/zai/faults.ts';

const error = (changes: Partial<WireError>): WireError => ({
  status: 429,
  code: '',
  message: 'x',
  headers: undefined,
  body: {},
  ...changes,
});

describe('when a plan of Z.ai is used up', () => {
  // An account whose message said 00:35:41 was told 16:35:41 UTC by its usage page.
  const now = Date.parse('2026-09-11T14:45:20Z');
  const until = Date.parse('2026-09-11T16:35:41Z') - now;

  test('its reset time is Beijing time, in English and in Chinese', () => {
    for (const message of [
      'Usage limit reached for 5 hour. Your limit will reset at 2026-09-12 00:35:41',
      '[1308][Usage limit reached for 5 hour. Your limit will reset at 2026-09-12 00:35:41][20260912001903b495]',
      '已达到 5 小时的使用上限。您的限额将在 2026-09-12 00:35:41 重置。',
      'Weekly/Monthly Limit Exhausted. Your limit will reset at 2026-09-11T16:35:41Z',
    ]) {
      for (const code of ['1308', '1310', '1316', '1321']) {
        const fault = toZaiFault(error({ code, message }), now);
        assert.deepEqual([fault.code, fault.retryAfterMs], ['provider_quota', until], message);
      }
    }
  });

  test('a header that names the wait goes before the message', () => {
    const headers = new Headers({ 'retry-after-ms': '997000' });
    const message = 'Your limit will reset at 2026-09-12 00:35:41';
    assert.equal(toZaiFault(error({ code: '1308', message, headers }), now).retryAfterMs, 997_000);
  });

  test('a time that has passed is no wait, and no time is no claim', () => {
    assert.equal(readResetMs('reset at 2026-09-11 00:00:00', now), 0);
    assert.equal(readResetMs('reset at 2026-99-99 99:99:99', now), null);
    assert.equal(toZaiFault(error({ code: '1310' }), now).retryAfterMs, null);
  });

  test('an account that asks too often is not asked again at once', () => {
    const fault = toZaiFault(error({ code: '1313' }), now);
    assert.equal(fault.code, 'provider_rate_limited');
    assert.ok((fault.retryAfterMs ?? 0) >= 60_000);
  });
});

describe('what OpenRouter says about its upstreams', () => {
  const explain = (type: string) =>
    toOpenRouterFault(error({ code: '400', body: { metadata: { error_type: type } } })).code;

  test('its own word for the kind of error goes before the status', () => {
    assert.equal(explain('context_length_exceeded'), 'context_too_long');
    assert.equal(explain('provider_unavailable'), 'provider_overloaded');
    assert.equal(explain('rate_limit_exceeded'), 'provider_rate_limited');
    assert.equal(explain('content_policy_violation'), 'provider_content_filter');
    assert.equal(explain('a_new_one'), 'provider_refused');
  });

  test('the end of a free model’s limit stands in the body', () => {
    const headers = { 'X-RateLimit-Reset': '1764067260000' };
    const fault = toOpenRouterFault(
      error({ code: '429', body: { metadata: { headers } } }),
      1_764_067_200_000,
    );
    assert.equal(fault.retryAfterMs, 60_000);
  });
});

test('reads a wait out of a sentence', () => {
  const waits = [
    ['Please try again in 4s.', 4_000],
    ['Please try again in 1.5s', 1_500],
    ['try again in 20ms', 20],
    ['try again in 6m0s', 360_000],
    ['try again in 1h2m3s', 3_723_000],
    ['Please try again in a while', null],
    ['Please try again later', null],
  ] as const;
  for (const [sentence, wait] of waits) assert.equal(readWaitFromText(sentence), wait, sentence);
  assert.equal(readWaitFromText(undefined), null);
});

test('knows the words of many hosts for a conversation that is too long', () => {
  for (const sentence of [
    'prompt is too long: 210000 tokens > 200000 maximum',
    'Your input exceeds the context window of this model.',
    "This endpoint's maximum context length is 200000 tokens.",
    'The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).',
    "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
    'Please reduce the length of the messages or completion.',
    'the request exceeds the available context size, try increasing it',
    'exceeded model token limit: 65536 (requested: 70000)',
    'prompt too long; exceeded max context length by 4 tokens',
    'Prompt exceeds max length',
    'Prompt contains 300000 tokens, too large for model with 262144 maximum context length',
  ]) {
    assert.equal(codeFromText(sentence, 'provider_refused'), 'context_too_long', sentence);
  }
  assert.equal(codeFromText('temperature must be below 2', 'provider_refused'), 'provider_refused');
});

test('a fault needs no sentence, and shows no markup', () => {
  assert.equal(typeof makeFault('provider_failed', { odd: true }).message, 'string');
  const page = '<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head>…';
  assert.equal(
    makeFault('provider_failed', `503 ${page}`).message,
    'A web page came instead of an answer (Just a moment...).',
  );
});
