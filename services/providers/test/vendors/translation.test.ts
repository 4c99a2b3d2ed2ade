import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StopReason } from '@mosaic/proto';
import * as anthropic from '../../src/anthropic/translation.ts';
import type { VendorPart } from '../../src/app/vendor/vendor-port.ts';
import { describeModel as describeOllamaModel } from '../../src/ollama/listed-models.ts';
import * as ollama from '../../src/ollama/translation.ts';
import { toStreamFault } from '../../src/openai/faults.ts';
import * as openai from '../../src/openai/translation.ts';
import type { ChatChunk } from '../../src/openai-compatible/chat-translation.ts';
import { toFault as toOpenRouterFault } from '../../src/openrouter/faults.ts';
import { describeModel as describeOpenRouterModel } from '../../src/openrouter/listed-models.ts';
import * as openrouter from '../../src/openrouter/translation.ts';
import { toFault as toZaiFault } from '../../src/zai/faults.ts';
import * as zai from '../../src/zai/translation.ts';
import { sampleRequest } from './sample-request.ts';

describe('stop reasons', () => {
  const table: readonly [string, (raw: string) => unknown, string, StopReason | string][] = [
    ['anthropic', anthropic.toStopReason, 'end_turn', 'stop'],
    ['anthropic', anthropic.toStopReason, 'tool_use', 'tool-calls'],
    ['anthropic', anthropic.toStopReason, 'max_tokens', 'length'],
    ['anthropic', anthropic.toStopReason, 'refusal', 'refusal'],
    ['anthropic', anthropic.toStopReason, 'pause_turn', 'other'],
    ['anthropic', anthropic.toStopReason, 'model_context_window_exceeded', 'context-exceeded'],
    ['openai', openai.toStopReason, 'max_output_tokens', 'length'],
    ['openai', openai.toStopReason, 'content_filter', 'content-filter'],
    ['openai', openai.toStopReason, 'news', 'other'],
    ['openrouter', openrouter.toStopReason, 'length', 'length'],
    ['openrouter', openrouter.toStopReason, 'error', 'provider_failed'],
    ['openrouter', openrouter.toStopReason, 'news', 'other'],
    ['zai', zai.toStopReason, 'sensitive', 'content-filter'],
    ['zai', zai.toStopReason, 'network_error', 'provider_failed'],
    ['zai', zai.toStopReason, 'model_context_window_exceeded', 'context-exceeded'],
    ['zai', zai.toStopReason, 'toString', 'other'],
    ['ollama', ollama.toStopReason, 'length', 'length'],
    ['ollama', ollama.toStopReason, 'load', 'other'],
    ['ollama', ollama.toStopReason, 'stop', 'stop'],
  ];
  for (const [vendor, toStop, raw, meaning] of table) {
    test(`${vendor}: ${raw} is ${meaning}`, () => {
      const stop = toStop(raw);
      assert.ok(typeof stop === 'object' && stop !== null);
      if ('code' in stop) assert.equal(stop.code, meaning);
      else assert.deepEqual(stop, { unified: meaning, raw });
    });
  }
});

describe('errors with words of the vendor’s own', () => {
  type Explainer = typeof toZaiFault;
  const explain = (explainer: Explainer, code: string, more: Partial<Parameters<Explainer>[0]>) =>
    explainer({ status: 500, code, message: 'x', headers: undefined, body: {}, ...more }).code;

  test('zai: the business code decides, not the status', () => {
    assert.equal(explain(toZaiFault, '1113', { status: 429 }), 'provider_quota');
    assert.equal(explain(toZaiFault, '1302', { status: 429 }), 'provider_rate_limited');
    assert.equal(explain(toZaiFault, '1211', { status: 400 }), 'unknown_model');
    assert.equal(explain(toZaiFault, '1210', { status: 400 }), 'provider_refused');
    assert.equal(explain(toZaiFault, '1003', { status: 401 }), 'provider_auth');
    assert.equal(explain(toZaiFault, '', { status: 503 }), 'provider_overloaded');
  });

  test('openrouter: moderation is no key problem, 402 with a wait is no empty account', () => {
    const body = { metadata: { reasons: ['violence'] } };
    assert.equal(
      explain(toOpenRouterFault, '403', { status: 403, body }),
      'provider_content_filter',
    );
    assert.equal(explain(toOpenRouterFault, '402', { status: 402 }), 'provider_quota');
    const headers = new Headers({ 'retry-after': '1' });
    assert.equal(
      explain(toOpenRouterFault, '402', { status: 402, headers }),
      'provider_rate_limited',
    );
  });

  test('openai: a quota error inside the stream is no rate limit', () => {
    assert.equal(toStreamFault('insufficient_quota', 'x').code, 'provider_quota');
    assert.equal(toStreamFault('invalid_prompt', 'x').code, 'provider_refused');
    assert.equal(toStreamFault('news', 'x').code, 'provider_failed');
  });
});

describe('the chat format in its odd forms', () => {
  const translate = (chunks: readonly ChatChunk[], translation = openrouter.startTranslation()) => [
    ...chunks.flatMap((chunk) => translation.next(chunk) ?? []),
    ...translation.end(),
  ];
  const delta = (
    tool_calls: NonNullable<NonNullable<ChatChunk['choices']>[0]['delta']>['tool_calls'],
  ) => ({ choices: [{ delta: { tool_calls: tool_calls ?? null } }] }) satisfies ChatChunk;
  const finish: ChatChunk = { choices: [{ finish_reason: 'tool_calls' }] };
  const callsOf = (parts: readonly VendorPart[]) =>
    parts.flatMap((part) => (part.type === 'tool-call' ? [part.call] : []));

  test('keeps interleaved calls apart, takes late names, repeated names and missing arguments', () => {
    const parts = translate([
      delta([{ index: 0, id: 'a', function: { name: 'one', arguments: '{"x":' } }]),
      delta([{ index: 1, id: 'b', function: { arguments: '' } }]),
      delta([{ index: 0, function: { name: 'one', arguments: '1}' } }]),
      delta([{ index: 1, function: { name: 'two' } }]),
      finish,
    ]);
    assert.deepEqual(callsOf(parts), [
      { id: 'a', name: 'one', arguments: { x: 1 } },
      { id: 'b', name: 'two', arguments: {} },
    ]);
  });

  test('takes arguments as an object, and mints an id where none comes', () => {
    const parts = translate([delta([{ function: { name: 'one', arguments: { x: 1 } } }]), finish]);
    const [call] = callsOf(parts);
    assert.deepEqual(call?.arguments, { x: 1 });
    assert.match(call?.id ?? '', /^call_[0-9a-f]{32}$/);
  });

  test('never hands over half of the arguments', () => {
    const parts = translate([
      delta([{ index: 0, id: 'a', function: { name: 'rm', arguments: '{"path":"/ho' } }]),
      { choices: [{ finish_reason: 'length' }] },
    ]);
    assert.deepEqual(callsOf(parts), []);
    assert.deepEqual(parts.at(-1), {
      type: 'finished',
      stop: { unified: 'length', raw: 'length' },
    });
  });

  test('finds usage inside a choice, beside the finish and after it', () => {
    const usage = { prompt_tokens: 5, completion_tokens: 2 };
    const stop = { finish_reason: 'stop' };
    for (const chunks of [
      [{ choices: [{ ...stop, usage }] }],
      [{ choices: [stop], usage }],
      [
        { choices: [stop], usage: null },
        { choices: [], usage },
      ],
    ] satisfies ChatChunk[][]) {
      const report = translate(chunks, zai.startTranslation(sampleRequest())).find(
        (part) => part.type === 'usage',
      );
      assert.equal(report?.type === 'usage' && report.usage.inputTokens, 5);
    }
  });

  test('adds the upstream’s bill to OpenRouter’s fee for a key of one’s own', () => {
    const cost_details = { upstream_inference_cost: 0.02 };
    assert.equal(openrouter.toCostUsd({ cost: 0.001, is_byok: true, cost_details }), 0.021);
    assert.equal(openrouter.toCostUsd({ cost: 0.02, is_byok: false, cost_details }), 0.02);
    assert.equal(openrouter.toCostUsd({}), null);
  });
});

describe('what live lists say', () => {
  test('openrouter: prices per million, none for a price that depends', () => {
    const pricing = { prompt: '0.000003', completion: '0.000015' };
    const listed = describeOpenRouterModel({ id: 'x', pricing, context_length: 0 }, '2026-11-24');
    assert.equal(listed.price?.input, 3);
    assert.equal(listed.price?.cacheRead, null);
    assert.equal(listed.contextTokens, null);
    const auto = { id: 'auto', pricing: { prompt: '-1', completion: '-1' } };
    assert.equal(describeOpenRouterModel(auto, '2026-11-24').price, null);
  });

  test('ollama: the context of whatever family, capabilities in our words, no ":latest"', () => {
    const listed = describeOllamaModel('qwen3:latest', {
      capabilities: ['completion', 'tools', 'thinking'],
      model_info: { 'qwen3.context_length': 40_960 },
    });
    assert.equal(listed.model, 'qwen3');
    assert.equal(listed.contextTokens, 40_960);
    assert.deepEqual(listed.capabilities, ['tools', 'reasoning', 'json']);
  });

  test('ollama: says when the history did not fit', () => {
    const system = 'x'.repeat(10_000);
    const translation = ollama.startTranslation(sampleRequest({ system }), 1_000);
    const parts = translation.next({ done: true, done_reason: 'stop', prompt_eval_count: 900 });
    assert.ok(parts?.some((part) => part.type === 'warning'));
  });
});
