import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Effort, Turn } from '@mosaic/proto';
import { anthropicRules } from '../../src/anthropic/wire.ts';
import { buildRequest } from '../../src/app/build-request.ts';
import { blankCard } from '../../src/app/catalogue.ts';
import { nearestEffort } from '../../src/app/request/choose-effort.ts';
import type {
  CompletionRequest,
  VendorCard,
  VendorRules,
} from '../../src/app/vendor/vendor-port.ts';
import { ollamaRules } from '../../src/ollama/wire.ts';
import { openAiRules } from '../../src/openai/wire.ts';
import { openRouterRules } from '../../src/openrouter/wire.ts';
import { zaiRules } from '../../src/zai/wire.ts';
import { modelOf } from '../requests/all-models.ts';
import { clock } from '../vendors/sample-request.ts';

const hello: Turn = { role: 'user', content: [{ type: 'text', text: 'Hi' }] };

interface Setting {
  readonly rules?: VendorRules;
  readonly card?: Partial<VendorCard>;
}

/** Builds for a model that can everything, at a vendor that takes everything. */
function build(asked: Partial<CompletionRequest>, { rules = openRouterRules, card }: Setting = {}) {
  const request: CompletionRequest = {
    candidates: [{ provider: 'openrouter', model: 'm' }],
    system: null,
    turns: [hello],
    tools: [],
    toolChoice: 'auto',
    purpose: 'turn',
    ...asked,
  };
  return buildRequest(request, {
    candidate: { provider: 'openrouter', model: 'm' },
    card: {
      ...blankCard('m'),
      name: 'M',
      capabilities: ['tools', 'vision', 'reasoning', 'json'],
      ...card,
    },
    rules,
  });
}

const byName = (...efforts: Effort[]) => ({ reasoning: { how: 'effort', efforts } }) as const;

describe('an effort', () => {
  test('that a model lacks becomes the nearest one, the lesser of two, and never none', () => {
    const claude = ['none', 'low', 'medium', 'high', 'max'] as const;
    assert.equal(nearestEffort('xhigh', claude), 'high');
    assert.equal(nearestEffort('minimal', claude), 'low');
    assert.equal(nearestEffort('max', ['none', 'low', 'medium', 'high', 'xhigh']), 'xhigh');
    assert.equal(nearestEffort('none', ['low', 'medium', 'high']), 'low');
    assert.equal(nearestEffort('low', ['none', 'max']), 'max');
  });

  test('that was changed is said, one that a model has no setting for is no news', () => {
    const changed = build({ effort: 'max' }, { card: byName('low', 'high') });
    assert.equal(changed.request.effort, 'high');
    assert.deepEqual(changed.warnings, ['M has no reasoning effort "max"; "high" was taken.']);
    const none = build({ effort: 'high' }, { rules: openAiRules });
    assert.equal(none.request.effort, undefined);
    assert.deepEqual(none.warnings, []);
  });

  test('becomes a budget of at most half the answer, and none where that is too little', () => {
    const tokens = { none: 0, minimal: 1, low: 2_048, medium: 1, high: 1, xhigh: 1, max: 1 };
    const ask = (maxOutputTokens: number, effort: Effort = 'low') =>
      build({ effort, maxOutputTokens }, { card: { reasoning: { how: 'budget', tokens } } });
    assert.equal(ask(10_000).request.thinkingTokens, 2_048);
    assert.equal(ask(3_000).request.thinkingTokens, 1_500);
    const small = ask(1_000);
    assert.equal(small.request.thinkingTokens, undefined);
    assert.equal(small.request.effort, undefined);
    assert.match(small.warnings.join(), /does not think about this: the answer is limited/);
    assert.deepEqual(
      [ask(10_000, 'none').request.effort, ask(10_000, 'none').request.thinkingTokens],
      ['none', undefined],
    );
  });

  test('gives way to a forced call at Anthropic’s, and with a budget to a loop without thoughts', () => {
    const rules = anthropicRules;
    const forced = build(
      { effort: 'low', tools: [clock], toolChoice: 'required' },
      { rules, card: byName('low') },
    );
    assert.equal(forced.request.effort, undefined);
    assert.match(forced.warnings.join(), /it must call a tool/);
    const unasked = build(
      { tools: [clock], toolChoice: 'required' },
      { rules: anthropicRules, card: { ...byName('none', 'low'), quirks: ['thinks-unasked'] } },
    );
    assert.equal(unasked.request.effort, 'none', 'one that thinks by itself is told not to');
    assert.deepEqual(unasked.warnings, [], 'and nobody asked it to think');
    const { card } = modelOf('anthropic');
    const haiku = { reasoning: { how: 'budget', tokens: { ...scale, low: 2_048 } } } as const;
    const loop: Turn[] = [
      hello,
      {
        role: 'assistant',
        content: [{ type: 'tool-call', id: 'a', name: 'clock', arguments: {} }],
      },
      { role: 'tool', results: [{ callId: 'a', name: 'clock', output: 'noon', isError: false }] },
    ];
    const running = build({ effort: 'low', turns: loop, tools: [clock] }, { rules, card: haiku });
    assert.equal(running.request.thinkingTokens, undefined);
    assert.match(running.warnings.join(), /the steps before were made without thinking/);
    const steered = build({ effort: 'low', turns: [...loop, hello] }, { rules, card: haiku });
    assert.equal(steered.request.thinkingTokens, undefined, 'words behind results end no loop');
    const over: Turn = { role: 'assistant', content: [{ type: 'text', text: 'Noon.' }] };
    const next = build({ effort: 'low', turns: [...loop, over, hello] }, { rules, card: haiku });
    assert.equal(next.request.thinkingTokens, 2_048);
    const adaptive = build({ effort: 'low', turns: loop, tools: [clock] }, { rules, card });
    assert.equal(adaptive.request.effort, 'low');
  });
});

const scale = { none: 0, minimal: 0, low: 0, medium: 0, high: 0, xhigh: 0, max: 0 };

describe('parameters', () => {
  test('are clamped to what the vendor takes, and left out where it takes none, with a word', () => {
    const asked = {
      ...{ temperature: 1.5, topP: 0, stop: ['a', 'b'], seed: 1 },
      ...{ presencePenalty: 1, frequencyPenalty: 1 },
    };
    const zai = build(asked, { rules: zaiRules });
    assert.deepEqual([zai.request.temperature, zai.request.topP], [1, 0.01]);
    assert.deepEqual(zai.request.stop, ['a']);
    assert.equal(zai.request.seed, undefined);
    assert.deepEqual(zai.warnings, [
      'M takes no temperature of 1.5; 1 was taken.',
      'M takes no top_p of 0; 0.01 was taken.',
      'M takes no more than 1 stop sequences; the first were taken.',
      'M takes no seed.',
      'M takes no presence penalty.',
      'M takes no frequency penalty.',
    ]);
    const ollama = build(asked, { rules: ollamaRules });
    assert.deepEqual(ollama.warnings, []);
    assert.equal(ollama.request.frequencyPenalty, 1);
    const claude = build({ temperature: 1, stop: [' ', 'END'] }, { rules: anthropicRules });
    assert.equal(claude.request.temperature, undefined);
    assert.deepEqual(claude.request.stop, ['END']);
    assert.equal(claude.warnings.length, 2);
  });

  test('of sampling are left out while a model thinks, and keep it from thinking when nobody asked', () => {
    const gpt = {
      ...byName('none', 'low'),
      sampling: { whileReasoning: false, together: true },
    };
    const thinking = build({ temperature: 0.5, effort: 'low' }, { card: gpt });
    assert.equal(thinking.request.temperature, undefined);
    assert.equal(thinking.request.effort, 'low');
    assert.deepEqual(thinking.warnings, ['M takes no temperature while it thinks.']);
    const plain = build({ temperature: 0.5 }, { card: gpt });
    assert.deepEqual([plain.request.temperature, plain.request.effort], [0.5, 'none']);
    const one = { sampling: { whileReasoning: true, together: false } };
    const both = build({ temperature: 0.5, topP: 0.5 }, { card: one });
    assert.deepEqual([both.request.temperature, both.request.topP], [0.5, undefined]);
    assert.equal(both.warnings.length, 1);
  });
});

describe('tools', () => {
  test('that a model cannot be made to call are its own choice, with a word', () => {
    const ask = (toolChoice: CompletionRequest['toolChoice'], rules: VendorRules) =>
      build({ tools: [clock], toolChoice, parallelToolCalls: false }, { rules });
    const zai = ask({ name: 'clock' }, zaiRules);
    assert.equal(zai.request.toolChoice, 'auto');
    assert.equal(zai.request.parallelToolCalls, undefined);
    assert.equal(zai.warnings.length, 2);
    const opus = build(
      { tools: [clock], toolChoice: 'required' },
      { rules: anthropicRules, card: { quirks: ['refuses-forced-calls', 'thinks-unasked'] } },
    );
    assert.equal(opus.request.toolChoice, 'auto');
    assert.deepEqual(opus.warnings, ['M takes no order to call a tool; it decides itself.']);
    const openai = ask({ name: 'clock' }, openAiRules);
    assert.deepEqual(openai.request.toolChoice, { name: 'clock' });
    assert.equal(openai.request.parallelToolCalls, false);
    assert.deepEqual(openai.warnings, []);
    const gone = ask({ name: 'gone' }, openAiRules);
    assert.equal(gone.request.toolChoice, 'auto');
    assert.match(gone.warnings.join(), /no tool "gone"/);
  });

  test('have an object as their arguments, and a name of their own', () => {
    const odd = { ...clock, parameters: { anyOf: [{ type: 'object' }] } };
    const { request, warnings } = build({ tools: [odd, clock] });
    assert.deepEqual(request.tools, [{ ...odd, parameters: { type: 'object', properties: {} } }]);
    assert.equal(warnings.length, 2);
  });

  test('of old calls are declared where the vendor wants that, and may not be called', () => {
    const turns: Turn[] = [
      hello,
      {
        role: 'assistant',
        content: [{ type: 'tool-call', id: 'a', name: 'clock', arguments: {} }],
      },
      hello,
    ];
    const claude = build({ turns }, { rules: anthropicRules });
    assert.deepEqual(
      claude.request.tools.map((tool) => tool.name),
      ['clock'],
    );
    assert.equal(claude.request.toolChoice, 'none');
    assert.deepEqual(build({ turns }, { rules: openAiRules }).request.tools, []);
    const llama = build({ turns, tools: [clock] }, { card: { capabilities: ['vision'] } });
    assert.deepEqual(llama.request.tools, []);
    assert.deepEqual(llama.warnings, ['M takes no tools.']);
    assert.match(JSON.stringify(llama.request.turns), /Called clock/);
  });
});

describe('the form of an answer', () => {
  const schema = { type: 'object', properties: { n: { type: 'number' } } };
  const wish = { type: 'json-schema' as const, name: 'answer', schema };

  test('is a promise, a wish or words, whichever is the strictest that the vendor has', () => {
    const claude = build({ outputFormat: wish }, { rules: anthropicRules });
    assert.deepEqual(claude.request.outputFormat, wish);
    assert.deepEqual([claude.request.system, claude.warnings], [null, []]);
    const gpt = build({ outputFormat: wish }, { rules: openAiRules });
    assert.deepEqual(gpt.request.outputFormat, wish);
    assert.match(gpt.warnings.join(), /without a promise/);
    const glm = build({ outputFormat: wish, system: 'Be brief.' }, { rules: zaiRules });
    assert.deepEqual(glm.request.outputFormat, { type: 'json' });
    assert.match(glm.request.system ?? '', /^Be brief\.\n\nAnswer with one JSON object/);
    assert.ok(glm.request.system?.includes(JSON.stringify(schema)));
    assert.match(glm.warnings.join(), /promises JSON but not this schema/);
  });

  test('stands in the instructions for a vendor or a model that knows none', () => {
    const claude = build({ outputFormat: { type: 'json' } }, { rules: anthropicRules });
    assert.equal(claude.request.outputFormat, undefined);
    assert.match(claude.request.system ?? '', /one JSON object/);
    assert.match(claude.warnings.join(), /cannot be held to JSON/);
    const node = { $ref: '#/$defs/node' };
    const endless = { type: 'object', properties: { node }, $defs: { node: { anyOf: [node] } } };
    const refused = build(
      { outputFormat: { ...wish, schema: endless } },
      { rules: anthropicRules },
    );
    assert.equal(refused.request.outputFormat, undefined);
    assert.ok(refused.request.system?.includes('$defs'));
  });
});

describe('the limit of an answer', () => {
  test('is the wish up to what the model writes, its own where one is needed, else none', () => {
    const ask = (rules: VendorRules, wish?: number, own: number | null = 100) =>
      build(wish === undefined ? {} : { maxOutputTokens: wish }, {
        rules,
        card: { maxOutputTokens: own },
      }).request.maxOutputTokens;
    assert.equal(ask(anthropicRules, 5), 5);
    assert.equal(ask(anthropicRules, 500), 100);
    assert.equal(ask(anthropicRules), 100);
    assert.equal(ask(anthropicRules, undefined, null), 8_192);
    assert.equal(ask(openAiRules), undefined);
    assert.equal(ask(openAiRules, 5), 16);
  });

  test('leaves room for the input where the vendor refuses more', () => {
    const turns: Turn[] = [{ role: 'user', content: [{ type: 'text', text: 'x'.repeat(3_600) }] }];
    const ask = (rules: VendorRules, contextTokens: number) =>
      build({ turns, maxOutputTokens: 800 }, { rules, card: { contextTokens } });
    const tight = ask(zaiRules, 1_500);
    const limit = tight.request.maxOutputTokens ?? 0;
    assert.ok(limit > 400 && limit < 600, String(limit));
    assert.match(tight.warnings.join(), /takes no limit of 800 tokens here/);
    assert.equal(ask(openAiRules, 1_500).request.maxOutputTokens, 800);
    assert.equal(ask(zaiRules, 500).request.maxOutputTokens, 800, 'the vendor says it is too long');
  });
});
