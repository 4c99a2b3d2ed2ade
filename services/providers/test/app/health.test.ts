import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErrorCode, ProviderStatus } from '@mosaic/proto';
import { type Admission, makeBreaker } from '../../src/app/health/breaker.ts';
import { compareHealth } from '../../src/app/health/compare-health.ts';
import { makeHostHealth } from '../../src/app/health/host-health.ts';
import { makeFault } from '../../src/app/vendor/vendor-fault.ts';

const overloaded = makeFault('provider_overloaded', 'overloaded');
const cancelled = makeFault('cancelled', 'cancelled');

/** A breaker that counts overloads, under a clock that a test sets. */
function breakerAt(startMs: number) {
  const clock = { nowMs: startMs };
  const breaker = makeBreaker({
    now: () => clock.nowMs,
    judge: (fault) =>
      fault === null ? 'well' : fault.code === 'provider_overloaded' ? 'unwell' : 'unknown',
  });
  const admit = (): Admission => {
    const admission = breaker.admit();
    assert.ok(admission, 'not admitted');
    return admission;
  };
  const open = () => {
    for (let call = 0; call < 3; call += 1) admit().ended(overloaded);
  };
  const restMs = () => (breaker.rest()?.untilMs ?? clock.nowMs) - clock.nowMs;
  return { clock, breaker, admit, open, restMs };
}

describe('a breaker', () => {
  test('opens after three failures in a row; an answer between them starts over', () => {
    const { breaker, admit } = breakerAt(0);
    admit().ended(overloaded);
    admit().ended(overloaded);
    admit().ended(null);
    admit().ended(overloaded);
    admit().ended(overloaded);
    assert.equal(breaker.rest(), null);
    admit().ended(overloaded);
    assert.match(breaker.rest()?.reason ?? '', /3 calls failed in a row.*overloaded/);
    assert.equal(breaker.admit(), null);
  });

  test('lets one call find out when the time is over, and the others go by until it is known', () => {
    const { clock, breaker, admit, open } = breakerAt(0);
    open();
    clock.nowMs = 30_000;
    const probe = admit();
    assert.equal(breaker.admit(), null);
    probe.answers();
    admit().ended(null);
    probe.ended(null);
    assert.ok(breaker.isClear);
  });

  for (const [what, fault] of [
    ['is cancelled', cancelled],
    ['says nothing about it', makeFault('provider_rate_limited', 'x')],
  ] as const) {
    test(`does not stay shut when the call that finds out ${what}`, () => {
      const { clock, breaker, admit, open } = breakerAt(0);
      open();
      clock.nowMs = 30_000;
      admit().ended(fault);
      const next = admit();
      assert.equal(breaker.admit(), null);
      next.ended(null);
      assert.ok(breaker.isClear);
    });
  }

  test('rests twice as long with each call that finds out in vain, up to ten minutes', () => {
    const { clock, admit, open, restMs } = breakerAt(0);
    open();
    const seen: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      seen.push(restMs());
      clock.nowMs += restMs();
      admit().ended(overloaded);
    }
    assert.deepEqual(seen, [30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
    clock.nowMs += restMs();
    admit().ended(null);
    open();
    assert.equal(restMs(), 30_000);
  });

  test('opens again, for longer, when a call begins to answer and then fails', () => {
    const { clock, admit, open, restMs } = breakerAt(0);
    open();
    clock.nowMs = 30_000;
    const probe = admit();
    probe.answers();
    probe.ended(overloaded);
    assert.equal(restMs(), 60_000);
  });

  test('does not hold calls against it that began before it opened', () => {
    const { clock, admit, open, restMs } = breakerAt(0);
    const old = [admit(), admit(), admit()];
    open();
    clock.nowMs = 10_000;
    for (const call of old) call.ended(overloaded);
    assert.equal(restMs(), 20_000);
  });

  test('an old call does not end the turn of the one that finds out', () => {
    const { clock, breaker, admit, open } = breakerAt(0);
    open();
    clock.nowMs = 30_000;
    const first = admit();
    first.answers();
    admit().ended(overloaded);
    clock.nowMs += 60_000;
    admit();
    first.ended(cancelled);
    assert.equal(breaker.admit(), null);
  });

  test('believes a vendor that says how long at once, but not when a call waits that long', () => {
    const { admit, restMs } = breakerAt(0);
    admit().ended({ ...overloaded, retryAfterMs: 2_000 });
    assert.equal(restMs(), 0);
    admit().ended({ ...overloaded, retryAfterMs: 45_000 });
    assert.equal(restMs(), 45_000);
  });
});

describe('a host', () => {
  const fault = (code: ErrorCode) => makeFault(code, code);
  const hostAt = () => {
    const clock = { nowMs: 0 };
    const host = makeHostHealth({ now: () => clock.nowMs });
    const call = (model: string, code: ErrorCode | null) => {
      const admission = host.admit(model);
      if ('why' in admission) return admission.why;
      admission.ended(code === null ? null : fault(code));
      return null;
    };
    const fail = (model: string, code: ErrorCode) => {
      for (let time = 0; time < 3; time += 1) call(model, code);
    };
    return { clock, host, call, fail };
  };

  for (const code of ['provider_overloaded', 'provider_failed', 'provider_timeout'] as const) {
    test(`${code} leaves one model alone and not its vendor’s others`, () => {
      const { host, call, fail } = hostAt();
      fail('big', code);
      assert.match(call('big', null) ?? '', new RegExp(code));
      assert.equal(call('small', null), null);
      assert.deepEqual(
        host.restingModels().map(({ model }) => model),
        ['big'],
      );
      assert.equal(host.rest(), null);
    });
  }

  test('that can not be reached is left alone with all its models, until it is heard again', () => {
    const { host, call, fail } = hostAt();
    fail('big', 'provider_unreachable');
    assert.ok(host.rest());
    assert.match(call('small', null) ?? '', /provider_unreachable/);
    assert.deepEqual(host.restingModels(), []);
    host.answered();
    assert.equal(call('small', null), null);
  });

  const harmless = [
    'provider_auth',
    'provider_quota',
    'provider_rate_limited',
    'provider_refused',
    'provider_content_filter',
    'context_too_long',
    'unknown_model',
    'cancelled',
    'deadline_exceeded',
    'provider_cut',
  ] as const;
  for (const code of harmless) {
    test(`${code} is held against neither the model nor its host`, () => {
      const { host, call, fail } = hostAt();
      for (let round = 0; round < 3; round += 1) fail('big', code);
      assert.equal(call('big', null), null);
      assert.equal(host.rest(), null);
    });
  }

  test('forgets models that are well before one that rests, however many are asked for', () => {
    const { host, call, fail } = hostAt();
    fail('big', 'provider_overloaded');
    for (let number = 0; number < 2_000; number += 1) call(`made-up-${number}`, null);
    assert.deepEqual(
      host.restingModels().map(({ model }) => model),
      ['big'],
    );
  });

  test('a model that rests does not use up the turn of the call that finds out about its host', () => {
    const { clock, call, fail } = hostAt();
    fail('big', 'provider_overloaded');
    clock.nowMs = 30_000;
    call('big', 'provider_overloaded');
    clock.nowMs = 40_000;
    fail('small', 'provider_unreachable');
    clock.nowMs = 70_000;
    assert.match(call('big', null) ?? '', /provider_overloaded/);
    assert.equal(call('small', null), null);
  });
});

describe('what is told about health', () => {
  const at = '2026-11-24T10:00:00.000Z';
  const well: ProviderStatus = {
    name: 'openai',
    isConfigured: true,
    isHealthy: true,
    isSimulated: false,
    reason: null,
    keyHint: null,
    keys: [],
    restingModels: [],
    loadingModels: [],
    models: 3,
    checkedAt: null,
  };
  const sick = { ...well, isHealthy: false, reason: 'refused' };
  const resting = {
    model: 'm',
    since: '2026-11-24T09:59:00.000Z',
    until: at,
    reason: 'overloaded',
  };
  const told = { provider: 'openai', model: null, since: at };

  test('what is well from the start is no news, and neither is a vendor without key', () => {
    assert.deepEqual(compareHealth(null, well, at), []);
    assert.deepEqual(compareHealth(null, { ...sick, isConfigured: false }, at), []);
    assert.deepEqual(compareHealth(sick, sick, at), []);
  });

  test('a vendor that becomes unwell, and well again', () => {
    const unwell = { ...told, isHealthy: false, reason: 'refused' };
    assert.deepEqual(compareHealth(well, sick, at), [unwell]);
    assert.deepEqual(compareHealth(null, sick, at), [unwell]);
    assert.deepEqual(compareHealth(sick, well, at), [{ ...told, isHealthy: true, reason: null }]);
  });

  test('a model that is being loaded is well, and so it is when it is there', () => {
    const since = '2026-11-24T09:59:00.000Z';
    const loads = { ...well, loadingModels: [{ model: 'm', since }] };
    const reason = 'It is being loaded; its first word may take minutes.';
    const model = { provider: 'openai', model: 'm', isHealthy: true };
    assert.deepEqual(compareHealth(well, loads, at), [
      { ...model, reason, since, isLoading: true },
    ]);
    assert.deepEqual(compareHealth(loads, loads, at), []);
    const there = { ...model, reason: null, since: at, isLoading: false };
    assert.deepEqual(compareHealth(loads, well, at), [there]);
  });

  test('a model that begins to rest, rests anew, and is over it', () => {
    const rests = { ...well, restingModels: [resting] };
    const { since, reason } = resting;
    const unwell = { provider: 'openai', model: 'm', isHealthy: false, since, reason };
    assert.deepEqual(compareHealth(well, rests, at), [unwell]);
    assert.deepEqual(compareHealth(rests, rests, at), []);
    const over = { ...told, model: 'm', isHealthy: true, reason: null };
    assert.deepEqual(compareHealth(rests, well, at), [over]);
  });
});
