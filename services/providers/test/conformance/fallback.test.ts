import assert from 'node:assert/strict';
import { waitFor } from '@mosaic/test-kit';
import type { Run } from '../run-vendor.ts';
import { lastOf } from '../run-vendor.ts';
import { skippableTimers } from '../skippable-timers.ts';
import type { Stage } from './claims.ts';
import { forEveryVendor } from './claims.ts';

const modelsAsked = ({ server }: Stage) => server.bodies.map((body) => body['model']);
const skippedOf = ({ parts }: Run) => (parts[0]?.type === 'start' ? parts[0].skipped : undefined);

forEveryVendor('falls over', (claim, vendorCase) => {
  claim('an error before the first word goes to the next candidate, and says so', async (stage) => {
    const early = { chunks: [stage.bytes('error-early')] };
    const run = await stage.askBoth([early, early, { chunks: [stage.bytes('text')] }]);
    assert.equal(lastOf(run.parts, 'end').stop.unified, 'stop');
    assert.equal(skippedOf(run)?.[0]?.model, stage.model);
    assert.deepEqual(modelsAsked(stage), [stage.model, stage.model, stage.secondModel]);
  });

  claim('so does a stream that ends before it has shown anything', async (stage) => {
    const nothing = { chunks: [vendorCase.noise] };
    const run = await stage.askBoth([nothing, nothing, { chunks: [stage.bytes('text')] }]);
    lastOf(run.parts, 'end');
    assert.equal(skippedOf(run)?.[0]?.model, stage.model);
  });

  claim('so does a web page, at once', async (stage) => {
    const page = { headers: { 'content-type': 'text/html' }, chunks: ['<html>Sign in</html>'] };
    const run = await stage.askBoth([page, { chunks: [stage.bytes('text')] }]);
    lastOf(run.parts, 'end');
    assert.deepEqual(modelsAsked(stage), [stage.model, stage.secondModel]);
  });

  claim('so does silence, at once', async (stage) => {
    const silent = { chunks: [], then: 'silence', noise: vendorCase.noise } as const;
    const replays = [silent, { chunks: [stage.bytes('text')] }];
    const timers = skippableTimers();
    const asking = stage.askBoth(replays, { timers, firstPartMs: 60_000 });
    await waitFor(() => stage.server.bodies.length === 1, { timeoutMs: 60_000 });
    timers.skip(60_000);
    const run = await asking;
    lastOf(run.parts, 'end');
    assert.deepEqual(modelsAsked(stage), [stage.model, stage.secondModel]);
  });

  claim('one hiccup is tried again and told nobody', async (stage) => {
    const early = { chunks: [stage.bytes('error-early')] };
    const run = await stage.askBoth([early, { chunks: [stage.bytes('text')] }]);
    assert.deepEqual(skippedOf(run), []);
    assert.deepEqual(modelsAsked(stage), [stage.model, stage.model]);
  });

  claim('no layer below tries again: two requests for each candidate are all', async (stage) => {
    const failed = { status: 500, chunks: [stage.bytes('failed.json')] };
    const run = await stage.askBoth([failed, failed, failed, failed, failed, failed]);
    assert.equal(lastOf(run.parts, 'error').failure.code, 'no_model_available');
    const { model, secondModel } = stage;
    assert.deepEqual(modelsAsked(stage), [model, model, secondModel, secondModel]);
  });

  claim('a long Retry-After goes to the next candidate at once', async (stage) => {
    const chunks = [stage.bytes('rate-limited.json')];
    const limited = { status: 429, headers: { 'retry-after': '30' }, chunks };
    const run = await stage.askBoth([limited, { chunks: [stage.bytes('text')] }]);
    lastOf(run.parts, 'end');
    assert.equal(skippedOf(run)?.[0]?.model, stage.model);
    assert.equal(run.recorded[0]?.code, 'provider_rate_limited');
    assert.equal(run.recorded[0]?.retryAfterMs, 30_000);
    assert.deepEqual(modelsAsked(stage), [stage.model, stage.secondModel]);
  });

  claim('a Retry-After that is a date is read as the time until then', async (stage) => {
    const at = new Date(Date.now() + 60_000).toUTCString();
    const chunks = [stage.bytes('rate-limited.json')];
    const limited = { status: 429, headers: { 'retry-after': at }, chunks };
    const run = await stage.askBoth([limited, { chunks: [stage.bytes('text')] }]);
    const waitMs = run.recorded[0]?.retryAfterMs ?? 0;
    assert.ok(waitMs > 30_000 && waitMs <= 60_000);
  });

  claim('a short Retry-After is waited for, once', async (stage) => {
    const chunks = [stage.bytes('rate-limited.json')];
    const limited = { status: 429, headers: { 'retry-after': '0' }, chunks };
    const run = await stage.ask([limited, { chunks: [stage.bytes('text')] }]);
    assert.deepEqual(skippedOf(run), []);
    const second = await stage.ask([limited, limited]);
    assert.equal(lastOf(second.parts, 'error').failure.code, 'provider_rate_limited');
    assert.equal(stage.server.bodies.length, 4);
  });

  claim('a refused key goes to the next candidate without a second try', async (stage) => {
    const refused = { status: 401, chunks: [stage.bytes('unauthorized.json')] };
    const run = await stage.askBoth([refused, { chunks: [stage.bytes('text')] }]);
    lastOf(run.parts, 'end');
    const codes = run.recorded.map((fault) => fault?.code);
    assert.deepEqual(codes, ['provider_auth', undefined]);
  });

  claim(
    'a right key that may not use a model goes to the next without a second try',
    async (stage) => {
      const forbidden = { status: 403, chunks: [stage.bytes('forbidden.json')] };
      const run = await stage.askBoth([forbidden, { chunks: [stage.bytes('text')] }]);
      lastOf(run.parts, 'end');
      const codes = run.recorded.map((fault) => fault?.code);
      assert.deepEqual(codes, ['provider_forbidden', undefined]);
    },
  );

  claim('an empty account goes to the next candidate without a second try', async (stage) => {
    const [file, status] = vendorCase.refusals.find(([name]) => name === 'quota') ?? ['', 0];
    const empty = { status, chunks: [stage.bytes(`${file}.json`)] };
    const run = await stage.askBoth([empty, { chunks: [stage.bytes('text')] }]);
    lastOf(run.parts, 'end');
    assert.deepEqual(modelsAsked(stage), [stage.model, stage.secondModel]);
  });

  claim('a request that is at fault is not carried on', async (stage) => {
    const refused = { status: 400, chunks: [stage.bytes('refused.json')] };
    const run = await stage.askBoth([refused]);
    assert.equal(lastOf(run.parts, 'error').failure.code, 'provider_refused');
    assert.equal(stage.server.bodies.length, 1);
  });

  claim(
    'a conversation that is too long is not sent to a model that reads no more',
    async (stage) => {
      const long = { status: 400, chunks: [stage.bytes('too-long.json')] };
      const run = await stage.askModels([stage.model, stage.model], [long]);
      assert.equal(lastOf(run.parts, 'error').failure.code, 'context_too_long');
      assert.equal(stage.server.bodies.length, 1);
    },
  );
});
