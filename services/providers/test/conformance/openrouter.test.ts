import assert from 'node:assert/strict';
import { lastOf, textOf } from '../run-vendor.ts';
import { callsOf, forVendor, partsOf } from './claims.ts';

forVendor('openrouter', (claim, { usage }) => {
  claim('an error inside a choice is an error', async ({ ask }) => {
    const { parts } = await ask('error-in-choice');
    const { failure } = lastOf(parts, 'error');
    assert.equal(failure.code, 'provider_overloaded');
    assert.match(failure.message, /Upstream is busy/);
  });

  claim('a finish "error" without any error is an error', async ({ ask }) => {
    assert.equal(
      lastOf((await ask('finish-error-alone')).parts, 'error').failure.code,
      'provider_failed',
    );
  });

  claim('a polite stop of an upstream that failed is an error', async ({ ask, bytes }) => {
    const failed = { chunks: [bytes('native-network-error')] };
    const { failure } = lastOf((await ask([failed, failed])).parts, 'error');
    assert.equal(failure.code, 'provider_failed');
    assert.match(failure.message, /network_error/);
  });

  claim('input that was flagged is no matter of the key', async ({ ask, bytes }) => {
    const flagged = { chunks: [bytes('moderated')] };
    const { failure } = lastOf((await ask([flagged])).parts, 'error');
    assert.equal(failure.code, 'provider_content_filter');
  });

  claim('402 with a wait is a limit of the moment, and the wait is honoured', async (stage) => {
    const chunks = [stage.bytes('quota.json')];
    const limited = { status: 402, headers: { 'retry-after': '0' }, chunks };
    const run = await stage.ask([limited, { chunks: [stage.bytes('text')] }]);
    lastOf(run.parts, 'end');
    assert.equal(run.recorded[0]?.code, 'provider_rate_limited');
  });

  claim(
    'the limit of one upstream is that of the model, and its wait is honoured',
    async (stage) => {
      const limited = { status: 429, chunks: [stage.bytes('upstream-limited.json')] };
      const run = await stage.askBoth([limited, { chunks: [stage.bytes('text')] }]);
      lastOf(run.parts, 'end');
      const [fault] = run.recorded;
      assert.deepEqual([fault?.code, fault?.retryAfterMs], ['provider_rate_limited', 17_000]);
      assert.equal(fault?.isOfModel, true);
      const account = { status: 429, chunks: [stage.bytes('account-limited.json')] };
      const whole = await stage.ask([account, { chunks: [stage.bytes('text')] }]);
      assert.equal(whole.recorded[0]?.code, 'provider_rate_limited');
      assert.equal(whole.recorded[0]?.isOfModel, undefined);
    },
  );

  claim('an upstream that refuses its key says nothing of ours', async (stage) => {
    const refused = { status: 401, chunks: [stage.bytes('upstream-refused.json')] };
    const { failure } = lastOf((await stage.ask([refused])).parts, 'error');
    assert.equal(failure.code, 'provider_forbidden');
  });

  claim(
    'says what the answer cost, and adds the upstream’s bill for a key of one’s own',
    async ({ ask }) => {
      assert.deepEqual(lastOf((await ask('text')).parts, 'end').cost, {
        usd: 0.00042,
        source: 'vendor',
      });
      assert.deepEqual(lastOf((await ask('byok')).parts, 'end').cost, {
        usd: 0.00042,
        source: 'vendor',
      });
    },
  );

  claim('reads usage in a chunk without choices', async ({ ask }) => {
    assert.deepEqual(lastOf((await ask('usage-in-empty-choices')).parts, 'end').usage, usage);
  });

  claim('two calls with one index are two when their ids differ', async ({ ask }) => {
    const names = callsOf(await ask('same-index')).map(([name]) => name);
    assert.deepEqual(names, ['get_weather', 'get_time']);
  });

  claim('puts the pieces of a reasoning block together before they go back', async ({ ask }) => {
    const run = await ask('text');
    const seal = partsOf(run, 'reasoning').find((part) => part.signature !== undefined);
    assert.deepEqual(JSON.parse(seal?.signature ?? '[]'), [
      {
        format: 'anthropic-claude-v1',
        index: 0,
        type: 'reasoning.text',
        text: 'Someone greets me.',
        signature: 'EqQBCgIYAhIM',
      },
    ]);
  });

  claim('takes a whole answer from a host that does not stream', async ({ ask, bytes }) => {
    const headers = { 'content-type': 'application/json' };
    const run = await ask([{ headers, chunks: [bytes('whole-answer.json')] }]);
    assert.equal(textOf(run.parts), 'Grüße 👋 aus 世界');
    assert.deepEqual(lastOf(run.parts, 'end').usage, usage);
  });
});
