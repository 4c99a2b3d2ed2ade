import assert from 'node:assert/strict';
import { lastOf, textOf } from '../run-vendor.ts';
import { callsOf, forVendor, partsOf } from './claims.ts';

forVendor('openai', (claim) => {
  claim('an incomplete response without a reason is no success', async ({ ask }) => {
    const { parts } = await ask('incomplete-without-reason');
    assert.deepEqual(lastOf(parts, 'end').stop, { unified: 'other', raw: 'incomplete' });
  });

  claim('a response that calls itself cancelled is no success', async ({ ask }) => {
    const { parts } = await ask('cancelled');
    assert.deepEqual(lastOf(parts, 'end').stop, { unified: 'other', raw: 'cancelled' });
  });

  claim('a call that stands only in the whole response is handed over', async ({ ask }) => {
    const run = await ask('call-at-the-end');
    assert.deepEqual(callsOf(run), [['get_weather', { city: 'Köln' }]]);
    assert.equal(lastOf(run.parts, 'end').stop.unified, 'tool-calls');
  });

  claim('text that comes only when it is done is shown, and once', async ({ ask }) => {
    assert.equal(textOf((await ask('text-only-when-done')).parts), 'Grüße 👋 aus 世界');
  });

  claim('a refusal is shown and told', async ({ ask }) => {
    const { parts } = await ask('own-stop');
    assert.equal(textOf(parts), 'I cannot help with that.');
    assert.equal(lastOf(parts, 'end').stop.unified, 'refusal');
  });

  claim('a seal names its item, so that it can go back', async ({ ask }) => {
    const run = await ask('sealed');
    const seals = partsOf(run, 'reasoning').flatMap((part) => part.signature ?? []);
    assert.equal(seals.length, 1);
    const { id, sealed } = JSON.parse(seals[0] ?? '{}');
    assert.equal(id, 'rs_68af4030baa48193b0b43b4c2a176a1a');
    assert.equal(sealed, 'gAAAAAB');
  });

  claim(
    'an account without quota shows after the response was created: the next answers',
    async (stage) => {
      for (const file of ['quota-after-created', 'nested-error']) {
        const empty = { chunks: [stage.bytes(file)] };
        const run = await stage.askBoth([empty, { chunks: [stage.bytes('text')] }]);
        lastOf(run.parts, 'end');
        assert.equal(run.recorded[0]?.code, 'provider_quota', file);
      }
    },
  );

  claim('a rate limit inside a stream says in words how long to wait', async (stage) => {
    const limited = { chunks: [stage.bytes('rate-limit-with-wait')] };
    const run = await stage.askBoth([limited, { chunks: [stage.bytes('text')] }]);
    assert.equal(run.recorded[0]?.code, 'provider_rate_limited');
    assert.equal(run.recorded[0]?.retryAfterMs, 4_000);
  });

  claim(
    'a key without the scope, or from a region that is not served, is a right key',
    async (stage) => {
      for (const [file, status] of [
        ['missing-scopes', 401],
        ['region', 403],
      ] as const) {
        const refused = { status, chunks: [stage.bytes(`${file}.json`)] };
        const { failure } = lastOf((await stage.ask([refused])).parts, 'error');
        assert.equal(failure.code, 'provider_forbidden', file);
      }
    },
  );
});
