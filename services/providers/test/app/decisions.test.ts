import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErrorCode } from '@mosaic/proto';
import { noUsage } from '@mosaic/proto';
import { chooseNextStep } from '../../src/app/choose-next-step.ts';
import { partitionTotals, usageOfPartial } from '../../src/app/count-usage.ts';
import {
  codeFromStatus,
  faultFromThrown,
  makeFault,
  readRetryAfterMs,
} from '../../src/app/vendor/vendor-fault.ts';

describe('what to do after a failure nobody has seen', () => {
  const table: readonly [ErrorCode, number | null, string][] = [
    ['provider_auth', null, 'next-candidate'],
    ['provider_forbidden', null, 'next-candidate'],
    ['provider_quota', null, 'next-candidate'],
    ['missing_key', null, 'next-candidate'],
    ['unknown_model', null, 'next-candidate'],
    ['provider_timeout', null, 'next-candidate'],
    ['provider_unreachable', null, 'next-candidate'],
    ['provider_overloaded', null, 'retry'],
    ['provider_failed', null, 'retry'],
    ['provider_cut', null, 'retry'],
    ['provider_rate_limited', 2_000, 'retry'],
    ['provider_rate_limited', 2_001, 'next-candidate'],
    ['context_too_long', null, 'larger-context'],
    ['provider_refused', null, 'give-up'],
    ['provider_content_filter', null, 'give-up'],
    ['bad_request', null, 'give-up'],
    ['cancelled', null, 'give-up'],
    ['deadline_exceeded', null, 'give-up'],
  ];
  for (const [code, retryAfterMs, step] of table) {
    test(`${code} (wait ${retryAfterMs ?? 'not said'}) means ${step}`, () => {
      const fault = makeFault(code, 'x', retryAfterMs);
      const next = chooseNextStep({ fault, tookMs: 10, wasRetry: false, retries: 0, random: 0.5 });
      assert.equal(next.step, step);
    });
  }

  test('never tries the same candidate a third time, nor one that was slow to fail', () => {
    const fault = makeFault('provider_overloaded', 'x');
    const retried = chooseNextStep({ fault, tookMs: 10, wasRetry: true, retries: 1, random: 0 });
    const slow = chooseNextStep({ fault, tookMs: 6_000, wasRetry: false, retries: 0, random: 0 });
    assert.equal(retried.step, 'next-candidate');
    assert.equal(slow.step, 'next-candidate');
  });
});

describe('usage', () => {
  test('takes overlapping totals apart', () => {
    const parted = partitionTotals({
      input: 100,
      cacheRead: 60,
      cacheWrite: 30,
      output: 20,
      reasoning: 5,
    });
    assert.deepEqual(parted, {
      ...noUsage,
      inputTokens: 10,
      cacheReadTokens: 60,
      cacheWrite5mTokens: 30,
      outputTokens: 15,
      reasoningTokens: 5,
    });
    assert.equal(partitionTotals({ input: 10, cacheRead: 999, output: null }).inputTokens, 0);
  });

  test('counts what was shown when a broken answer had reported less', () => {
    const partial = usageOfPartial(
      { ...noUsage, inputTokens: 7, outputTokens: 1 },
      { output: 400, reasoning: 0 },
    );
    assert.deepEqual(partial, { ...noUsage, inputTokens: 7, outputTokens: 100, isEstimated: true });
  });
});

describe('what a failure means', () => {
  const table: readonly [number, string, ErrorCode][] = [
    [400, 'messages: field required', 'provider_refused'],
    [400, 'prompt is too long: 210000 tokens > 200000 maximum', 'context_too_long'],
    [400, 'Your credit balance is too low to access the API', 'provider_quota'],
    [400, 'flagged by our content policy', 'provider_content_filter'],
    [401, 'no', 'provider_auth'],
    [403, 'no', 'provider_forbidden'],
    [403, 'flagged by our content policy', 'provider_content_filter'],
    [404, 'model not found', 'unknown_model'],
    [429, 'slow down', 'provider_rate_limited'],
    [429, 'You exceeded your current quota', 'provider_quota'],
    [500, 'oops', 'provider_failed'],
    [503, 'busy', 'provider_overloaded'],
    [529, 'overloaded', 'provider_overloaded'],
  ];
  for (const [status, message, code] of table) {
    test(`${status} "${message}" is ${code}`, () => {
      assert.equal(codeFromStatus(status, message), code);
    });
  }

  test('reads Retry-After as milliseconds, seconds and a date', () => {
    const read = (name: string, value: string) =>
      readRetryAfterMs(new Headers({ [name]: value }), 0);
    assert.equal(read('retry-after-ms', '1500'), 1_500);
    assert.equal(read('retry-after', '2'), 2_000);
    assert.equal(read('retry-after', 'Thu, 01 Jan 1970 00:00:05 GMT'), 5_000);
    assert.equal(read('retry-after', 'soon'), null);
  });

  test('finds the reason behind a wrapped network error', () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const wrapped = new Error('Connection error.', {
      cause: new TypeError('fetch failed', { cause: refused }),
    });
    assert.equal(faultFromThrown(wrapped).code, 'provider_unreachable');
    const reset = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
    assert.equal(
      faultFromThrown(new TypeError('terminated', { cause: reset })).code,
      'provider_cut',
    );
    assert.equal(faultFromThrown(new SyntaxError('Unexpected token')).code, 'provider_failed');
  });
});
