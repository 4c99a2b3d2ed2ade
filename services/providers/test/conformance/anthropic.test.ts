import assert from 'node:assert/strict';
import { lastOf, textOf } from '../run-vendor.ts';
import { callsOf, forVendor, partsOf } from './claims.ts';

forVendor('anthropic', (claim, { usage }) => {
  claim('seals of empty and of redacted thinking are both kept, in order', async ({ ask }) => {
    const run = await ask('sealed');
    const seals = partsOf(run, 'reasoning').map((part) => part.signature);
    assert.deepEqual(seals, ['EqQBCgIYAhIM', 'redacted:EmwKAhgB']);
  });

  claim(
    'the vendor’s own tools, their results and citations are no calls of ours',
    async ({ ask }) => {
      const run = await ask('server-tool');
      assert.equal(textOf(run.parts), 'Let me look. It is sunny.');
      assert.deepEqual(callsOf(run), []);
      assert.equal(lastOf(run.parts, 'end').stop.unified, 'stop');
    },
  );

  claim('a compaction is billed although the totals at the top leave it out', async ({ ask }) => {
    const run = await ask('iterations');
    const end = lastOf(run.parts, 'end');
    assert.equal(end.usage.inputTokens, 203_000);
    assert.equal(end.usage.outputTokens, 4_100);
    assert.equal(end.usage.reasoningTokens, 400);
    assert.equal(textOf(run.parts), 'Grüße 👋 aus 世界');
  });

  claim('the last event may correct the input of the first', async ({ ask }) => {
    const run = await ask('corrected-input');
    const end = lastOf(run.parts, 'end');
    assert.equal(end.usage.inputTokens, 2_679);
    assert.equal(end.usage.cacheReadTokens, 100);
  });

  claim('a model that declined and the one that took over are both named', async ({ ask }) => {
    const run = await ask('fallback-block');
    assert.equal(partsOf(run, 'start')[0]?.model, 'claude-haiku-4-5-20251001');
    assert.match(partsOf(run, 'warning')[0]?.message ?? '', /claude-sonnet-4-6 declined/);
  });

  claim('says why it declined, when it does', async ({ ask }) => {
    const run = await ask('filtered');
    assert.match(partsOf(run, 'warning')[0]?.message ?? '', /declined by a safety policy/);
  });

  claim('an empty input that is written before the real one is left out', async ({ ask }) => {
    const run = await ask('placeholder-arguments');
    assert.deepEqual(callsOf(run), [['get_weather', { city: 'Köln' }]]);
    assert.deepEqual(
      partsOf(run, 'tool-call-delta').map((part) => part.json),
      ['{"city": "Köln"}'],
    );
  });

  claim('input tokens are known from the first event on', async ({ ask, bytesUntil }) => {
    const chunks = [bytesUntil('error-late', 'Half an ans')];
    const run = await ask([{ chunks, then: 'cut' }]);
    const error = lastOf(run.parts, 'error');
    assert.equal(error.usage?.inputTokens, usage.inputTokens);
    assert.equal(error.usage?.cacheReadTokens, usage.cacheReadTokens);
  });
});
