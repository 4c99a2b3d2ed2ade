import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseNextStep, needsBudget } from '../../src/app/choose-next-step.ts';
import { makeRetryBudget } from '../../src/app/run/retry-budget.ts';
import { makeFault } from '../../src/app/vendor/vendor-fault.ts';

function budgetAt(startMs: number) {
  const clock = { nowMs: startMs };
  const budget = makeRetryBudget({ now: () => clock.nowMs });
  /** Calls that all want a retry; how many get one. */
  const callAll = (count: number) => {
    let retries = 0;
    for (let call = 0; call < count; call += 1) {
      budget.countCall('openai');
      if (budget.takeRetry('openai')) retries += 1;
    }
    return retries;
  };
  return { clock, budget, callAll };
}

test('of many calls a fifth may be asked again', () => {
  const { callAll } = budgetAt(0);
  assert.equal(callAll(500), 100);
});

test('of few calls in a minute two may, and again two in the next minute', () => {
  const { clock, callAll } = budgetAt(0);
  assert.equal(callAll(1), 1);
  assert.equal(callAll(8), 1);
  clock.nowMs += 59_000;
  assert.equal(callAll(1), 0);
  clock.nowMs += 1_000;
  assert.equal(callAll(5), 2);
});

test('what was not used does not add up, and what was used counts for a whole minute', () => {
  const { clock, budget, callAll } = budgetAt(0);
  for (let call = 0; call < 1_000; call += 1) budget.countCall('openai');
  clock.nowMs = 120_000;
  assert.equal(callAll(500), 100);
  clock.nowMs += 59_000;
  assert.equal(callAll(500), 100);
});

test('over any stretch of steady calls no more than a fifth are asked again', () => {
  const { clock, callAll } = budgetAt(0);
  let retries = 0;
  for (let second = 0; second < 600; second += 1) {
    clock.nowMs += 1_000;
    retries += callAll(1 + (second % 7));
  }
  assert.ok(retries <= 0.2 * 600 * 4, `${retries}`);
  assert.ok(retries > 0.19 * 600 * 4 - 20, `${retries}`);
});

test('each vendor has a budget of its own', () => {
  const { budget, callAll } = budgetAt(0);
  callAll(500);
  assert.equal(budget.takeRetry('openai'), false);
  assert.equal(budget.takeRetry('zai'), true);
});

test('what needs the budget: faults that many calls have at once, and not those of a key', () => {
  const needs = (code: Parameters<typeof makeFault>[0], isOtherModel = false) =>
    needsBudget(makeFault(code, 'x'), isOtherModel);
  for (const code of ['provider_rate_limited', 'provider_unreachable', 'provider_cut'] as const) {
    assert.equal(needs(code), true, code);
    assert.equal(needs(code, true), true, code);
  }
  for (const code of ['provider_overloaded', 'provider_failed', 'provider_timeout'] as const) {
    assert.equal(needs(code), true, code);
    assert.equal(needs(code, true), false, code);
  }
  for (const code of ['provider_auth', 'provider_quota', 'unknown_model'] as const) {
    assert.equal(needs(code), false, code);
  }
});

test('waits double from retry to retry, with full jitter, up to two seconds', () => {
  const fault = makeFault('provider_overloaded', 'x');
  const wait = (retries: number, random: number) => {
    const next = chooseNextStep({ fault, tookMs: 0, wasRetry: false, retries, random });
    return next.step === 'retry' ? next.afterMs : null;
  };
  assert.deepEqual(
    [0, 1, 2, 3, 9].map((retries) => wait(retries, 0.999_999)?.toFixed()),
    ['500', '1000', '2000', '2000', '2000'],
  );
  assert.deepEqual(
    [0, 1, 2].map((retries) => wait(retries, 0)),
    [0, 0, 0],
  );
});
