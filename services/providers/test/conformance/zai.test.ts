import assert from 'node:assert/strict';
import type { ErrorCode } from '@mosaic/proto';
import { lastOf } from '../run-vendor.ts';
import { forVendor, partsOf } from './claims.ts';

/** Every business code of the vendor's page, with the status that it comes with. */
const codes: readonly (readonly [code: string, status: number, meaning: ErrorCode])[] = [
  ['1000', 401, 'provider_auth'],
  ['1001', 401, 'provider_auth'],
  ['1002', 401, 'provider_auth'],
  ['1003', 401, 'provider_auth'],
  ['1004', 401, 'provider_auth'],
  ['1110', 429, 'provider_auth'],
  ['1111', 429, 'provider_auth'],
  ['1112', 429, 'provider_auth'],
  ['1113', 429, 'provider_quota'],
  ['1120', 429, 'provider_auth'],
  ['1121', 429, 'provider_auth'],
  ['1210', 400, 'provider_refused'],
  ['1211', 400, 'unknown_model'],
  ['1220', 403, 'provider_forbidden'],
  ['1212', 400, 'provider_refused'],
  ['1213', 400, 'provider_refused'],
  ['1214', 400, 'provider_refused'],
  ['1215', 400, 'provider_refused'],
  ['1234', 500, 'provider_failed'],
  ['1261', 400, 'context_too_long'],
  ['1301', 400, 'provider_content_filter'],
  ['1302', 429, 'provider_rate_limited'],
  ['1303', 429, 'provider_rate_limited'],
  ['1304', 429, 'provider_quota'],
  ['1305', 429, 'provider_overloaded'],
  ['1308', 429, 'provider_quota'],
  ['1309', 429, 'provider_quota'],
  ['1310', 429, 'provider_quota'],
  ['1311', 429, 'provider_forbidden'],
  ['1312', 429, 'provider_overloaded'],
  ['1313', 429, 'provider_rate_limited'],
];

/** Those that pass: asked once more after a short wait. All others are left alone or given up. */
const passing = new Set(['1234', '1302', '1303', '1305', '1312']);

forVendor('zai', (claim, { usage }) => {
  claim('every business code means one thing, in an answer and in a stream', async (stage) => {
    for (const [code, status, meaning] of codes) {
      const body = JSON.stringify({ error: { code, message: 'x' } });
      for (const said of [{ status, chunks: [body] }, { chunks: [`data: ${body}\n\n`] }]) {
        const asked = stage.server.bodies.length;
        const run = await stage.ask([said, said]);
        assert.equal(lastOf(run.parts, 'error').failure.code, meaning, code);
        const requests = stage.server.bodies.length - asked;
        assert.equal(requests, passing.has(code) ? 2 : 1, `requests after ${code}`);
        stage.server.clear();
      }
    }
  });

  claim(
    'a plan that is used up goes to the next candidate, with the wait of its message',
    async (stage) => {
      const at = new Date(Date.now() + 3_600_000 + 8 * 3_600_000);
      const stamp = at.toISOString().slice(0, 19).replace('T', ' ');
      const message = `Usage limit reached for 5 hour. Your limit will reset at ${stamp}`;
      const body = JSON.stringify({ error: { code: '1308', message } });
      const used = { status: 429, chunks: [body] };
      const run = await stage.askBoth([used, { chunks: [stage.bytes('text')] }]);
      lastOf(run.parts, 'end');
      const waitMs = run.recorded[0]?.retryAfterMs ?? 0;
      assert.ok(waitMs > 3_500_000 && waitMs <= 3_600_000);
    },
  );

  claim('the gateway’s own envelope with status 200 is an error', async ({ ask, bytes }) => {
    const headers = { 'content-type': 'application/json' };
    const run = await ask([{ headers, chunks: [bytes('not-found-envelope.json')] }]);
    assert.equal(lastOf(run.parts, 'error').failure.code, 'unknown_model');
  });

  claim('breaking off with a network error of its own is an error', async ({ ask }) => {
    const error = lastOf((await ask('network-error')).parts, 'error');
    assert.equal(error.failure.code, 'provider_failed');
    assert.equal(error.phase, 'after-first-part');
    assert.equal(error.usage?.isEstimated, true);
  });

  claim('usage with the finish counts as much as usage after it', async ({ ask }) => {
    assert.deepEqual(lastOf((await ask('usage-with-finish')).parts, 'end').usage, usage);
  });

  claim('input above the model’s window is taken without a word, so we say it', async ({ ask }) => {
    const run = await ask('too-much-input');
    assert.match(partsOf(run, 'warning')[0]?.message ?? '', /210000 tokens, more than the 200000/);
    assert.equal(lastOf(run.parts, 'end').stop.unified, 'stop');
  });
});
