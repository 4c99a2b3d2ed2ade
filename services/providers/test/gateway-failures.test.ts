// What public gateways are known to get wrong, a claim for each, held against all five vendors.
// The same claims hold for the whole chain in service.test.ts; here the requests can be counted.
import assert from 'node:assert/strict';
import type { EndedCall, ModelRef, Turn } from '@mosaic/proto';
import { totalInputTokens } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { realTimers } from '../src/adapters/real-timers.ts';
import { keepAccount } from '../src/app/account/keep-account.ts';
import { costOf } from '../src/app/cards/cost-of.ts';
import { forEveryVendor, partsOf, type Stage } from './conformance/claims.ts';
import type { Replay } from './replay-server.ts';
import { lastOf, type Run, type RunChoices, requestFor, runVendor } from './run-vendor.ts';
import { skippableTimers } from './skippable-timers.ts';

/** Runs a call as the service does, with its account, and gives the record that is kept of it. */
async function recordOf(stage: Stage, choices: RunChoices): Promise<EndedCall> {
  const records: EndedCall[] = [];
  const { vendor, model } = stage;
  const parts = keepAccount(
    requestFor(vendor, [model]),
    async function* run() {
      yield* (await runVendor(vendor, [model], choices)).parts;
    },
    {
      account: { started: async () => {}, ended: async (call) => void records.push(call) },
      timers: realTimers,
      makeId: () => '0199d4a8-0000-7000-8000-000000000000',
      isSimulated: () => false,
    },
  );
  await Array.fromAsync(parts);
  const [record] = records;
  assert.ok(record, 'no record of the call was kept');
  return record;
}

/** Asks, and when the vendor keeps silent puts the clock forward until it is given up. */
async function askUntilSilent(stage: Stage, replay: Replay): Promise<Run> {
  const timers = skippableTimers();
  const asking = stage.ask([replay], { timers, idleMs: 60_000 });
  if (replay.then === 'silence') {
    await waitFor(() => stage.server.noises > 4, { timeoutMs: 60_000 });
    timers.skip(60_000);
  }
  return asking;
}

const by = (provider: ModelRef['provider'], model: string): ModelRef => ({ provider, model });

/** A conversation that another vendor's model answered before, with its own ids and seals. */
function historyOf(author: ModelRef): Turn[] {
  const id = 'call:from/another vendor, and much longer than forty characters';
  return [
    { role: 'user', content: [{ type: 'text', text: 'What is the weather?' }] },
    {
      role: 'assistant',
      by: author,
      content: [
        { type: 'reasoning', text: 'Let me look.', signature: 'a-foreign-seal' },
        { type: 'tool-call', id, name: 'get_weather', arguments: { city: 'Köln' } },
      ],
    },
    {
      role: 'tool',
      results: [{ callId: id, name: 'get_weather', output: 'sunny', isError: false }],
    },
    { role: 'user', content: [{ type: 'text', text: 'And tomorrow?' }] },
  ];
}

forEveryVendor('does not do what public gateways do', (claim, vendorCase) => {
  const { name, noise } = vendorCase;

  claim(
    'a stream that is cut, silent or politely ended without a finish is no success',
    async (stage) => {
      const half = { chunks: [stage.bytesUntil('text', 'Grüße')] };
      for (const then of ['cut', 'silence', 'end'] as const) {
        const { parts } = await askUntilSilent(stage, { ...half, then, noise });
        const { failure } = lastOf(parts, 'error');
        assert.equal(failure.code, then === 'silence' ? 'provider_timeout' : 'provider_cut');
      }
    },
  );

  claim(
    'when the client leaves, the upstream closes and what was used is on record',
    async (stage) => {
      const abort = new AbortController();
      stage.server.queue({ chunks: [stage.bytesUntil('text', 'Grüße')], then: 'silence' });
      const record = await recordOf(stage, {
        signal: abort.signal,
        onPart: (part) => part.type === 'text' && abort.abort(),
      });
      // Within 50 ms, as the benchmark measures.
      await stage.server.left;
      assert.equal(record.outcome, 'cancelled');
      assert.ok((record.usage?.outputTokens ?? 0) > 0);
      if (name !== 'ollama') assert.notEqual(record.cost.usd, 0);
    },
  );

  claim(
    'nothing is shown before there is something to show, so a late error falls over',
    async (stage) => {
      const early = { chunks: [stage.bytes('error-early')] };
      const run = await stage.askBoth([early, early, { chunks: [stage.bytes('text')] }]);
      assert.equal(run.parts[0]?.type, 'start');
      assert.equal(partsOf(run, 'start').length, 1);
      assert.equal(partsOf(run, 'start')[0]?.skipped.length, 1);
      lastOf(run.parts, 'end');
    },
  );

  claim('cached tokens are neither billed twice nor dropped', async (stage) => {
    const { usage, cost } = lastOf((await stage.ask('text')).parts, 'end');
    assert.equal(totalInputTokens(usage), 142);
    const card = stage.vendor.cards.find((one) => one.model === stage.model);
    if (!card?.price || cost.source !== 'table') return;
    const dearest = costOf({
      provider: name,
      usage: {
        ...usage,
        inputTokens: 142,
        cacheReadTokens: 0,
        cacheWrite5mTokens: 0,
        cacheWrite1hTokens: 0,
      },
      vendorUsd: null,
      card,
    });
    // A cache that is read costs less than none at all, and more than nothing.
    assert.ok((cost.usd ?? 0) > 0 && (cost.usd ?? 0) < (dearest.usd ?? 0));
  });

  claim('an unknown cost is unknown, and never nothing', async (stage) => {
    const run = await stage.askModels(
      ['a-model-without-a-price'],
      [{ chunks: [stage.bytes('no-usage')] }],
    );
    const { cost } = lastOf(run.parts, 'end');
    if (name === 'ollama') assert.deepEqual(cost, { usd: 0, source: 'local' });
    else assert.deepEqual(cost, { usd: null, source: 'unknown' });
  });

  // The key and the upstream of a conversation are chosen elsewhere; here only what the vendor sees.
  claim(
    'a conversation begins with the same bytes every time, so that its cache is found',
    async (stage) => {
      const first = historyOf(by(name, stage.model));
      const second: Turn[] = [
        ...first,
        { role: 'user', content: [{ type: 'text', text: 'Thanks.' }] },
      ];
      for (const turns of [first, second]) {
        stage.server.queue({ chunks: [stage.bytes('text')] });
        await runVendor(stage.vendor, [stage.model], { request: { turns, conversationId: 'c-1' } });
      }
      const [before, after] = stage.server.bodies.map((body) => {
        const list = body['messages'] ?? body['input'];
        assert.ok(Array.isArray(list));
        // The mark of where a cache ends moves on with the conversation.
        return list.map((item) =>
          JSON.stringify(item).replaceAll(/,"cache_control":\{[^}]*\}/g, ''),
        );
      });
      assert.ok(before && after);
      const common = name === 'anthropic' ? before.slice(0, -1) : before;
      assert.deepEqual(after.slice(0, common.length), common);
      if (name === 'openai') {
        const keys = stage.server.bodies.map((body) => body['prompt_cache_key']);
        assert.deepEqual(keys, ['c-1', 'c-1']);
      }
    },
  );

  claim('ids and seals of another vendor are not replayed', async (stage) => {
    const turns = historyOf(by(name === 'zai' ? 'openai' : 'zai', 'another-model'));
    stage.server.queue({ chunks: [stage.bytes('text')] }, { chunks: [stage.bytes('text')] });
    for (const _ of [1, 2]) await runVendor(stage.vendor, [stage.model], { request: { turns } });
    const [sent, again] = stage.server.bodies.map((body) => JSON.stringify(body));
    assert.ok(sent);
    assert.doesNotMatch(sent, /a-foreign-seal|call:from/);
    assert.doesNotMatch(sent, /Let me look/);
    // Rewritten the same way each time, and the same for the call and its result.
    assert.equal(sent, again);
    const ids = sent.match(/call_from[A-Za-z0-9_-]*/g) ?? [];
    assert.equal(new Set(ids).size, name === 'ollama' ? 0 : 1);
    assert.equal(ids.length, name === 'ollama' ? 0 : 2);
  });

  claim('a Retry-After is honoured, and no layer multiplies tries', async (stage) => {
    const chunks = [stage.bytes('rate-limited.json')];
    const limited = { status: 429, headers: { 'retry-after': '1' }, chunks };
    const began = Date.now();
    const run = await stage.askBoth([limited, limited, limited, limited, limited, limited]);
    assert.equal(lastOf(run.parts, 'error').failure.code, 'no_model_available');
    const { model, secondModel } = stage;
    const asked = stage.server.bodies.map((body) => body['model']);
    assert.deepEqual(asked, [model, model, secondModel, secondModel]);
    // Two waits of a second that were asked for lie in between.
    assert.ok(Date.now() - began >= 1_900);
  });
});
