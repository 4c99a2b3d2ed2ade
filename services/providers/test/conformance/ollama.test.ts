import assert from 'node:assert/strict';
import { lastOf } from '../run-vendor.ts';
import { forVendor, partsOf } from './claims.ts';

forVendor('ollama', (claim) => {
  claim('a last line without a reason is no success', async ({ ask }) => {
    const { parts } = await ask('no-reason');
    assert.deepEqual(lastOf(parts, 'end').stop, { unified: 'other', raw: null });
  });

  claim(
    'a document that says that the model was only loaded is no success',
    async ({ ask, bytes }) => {
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      const { parts } = await ask([{ headers, chunks: [bytes('loaded.json')] }]);
      assert.deepEqual(lastOf(parts, 'end').stop, { unified: 'other', raw: 'load' });
    },
  );

  claim('mints an id for a call that has none, and keeps one that there is', async ({ ask }) => {
    const minted = partsOf(await ask('tool'), 'tool-call')[0]?.call.id;
    assert.match(minted ?? '', /^call_[0-9a-f]{32}$/);
    assert.equal(partsOf(await ask('two-tools'), 'tool-call')[0]?.call.id, 'call_a');
  });

  claim('arguments nested deeper than anybody can send on are a failure', async (stage) => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const line = stage.bytes('tool').toString().replace('"Köln"', deep);
    const { parts } = await stage.ask([{ chunks: [line] }, { chunks: [line] }]);
    assert.equal(lastOf(parts, 'error').failure.code, 'provider_failed');
  });

  claim('says when the server read far less than it was sent', async ({ ask }) => {
    const text = 'word '.repeat(9_000);
    const request = {
      turns: [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }],
    };
    const cut = partsOf(await ask('truncated', { request }), 'warning');
    assert.match(cut[0]?.message ?? '', /read 2048 tokens of about 11\d\d\d/);
    assert.deepEqual(partsOf(await ask('truncated'), 'warning'), []);
  });

  claim(
    'says when the conversation is longer than what the model was loaded with',
    async ({ ask }) => {
      const text = 'word '.repeat(20_000);
      const request = {
        turns: [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }],
      };
      const cut = partsOf(await ask('text', { request }), 'warning');
      assert.match(cut[0]?.message ?? '', /longer than the 16384 tokens/);
    },
  );

  claim('input that was wholly cached is guessed, not called nothing', async ({ ask }) => {
    const { usage, cost } = lastOf((await ask('cached-prompt')).parts, 'end');
    assert.ok(usage.inputTokens > 0);
    assert.equal(usage.isEstimated, true);
    assert.equal(cost.usd, 0);
  });

  claim('a cloud model that wants a sign-in is a matter of the key', async ({ ask, bytes }) => {
    const refused = { status: 401, chunks: [bytes('unauthorized.json')] };
    assert.equal(lastOf((await ask([refused])).parts, 'error').failure.code, 'provider_auth');
  });

  claim(
    'a line that is broken in the middle of the stream ends it',
    async ({ ask, bytesUntil }) => {
      const chunks = [bytesUntil('text', 'Grüße'), '{"model":\n', bytesUntil('text', 'aus 世界')];
      const { parts } = await ask([{ chunks }]);
      assert.equal(lastOf(parts, 'error').failure.code, 'provider_failed');
      assert.equal(parts.filter((part) => part.type === 'text').length, 1);
    },
  );
});
