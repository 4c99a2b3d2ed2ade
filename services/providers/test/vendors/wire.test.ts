import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as anthropic from '../../src/anthropic/wire.ts';
import * as ollama from '../../src/ollama/wire.ts';
import * as openai from '../../src/openai/wire.ts';
import * as openrouter from '../../src/openrouter/wire.ts';
import * as zai from '../../src/zai/wire.ts';
import { clock, sampleRequest } from './sample-request.ts';

describe('anthropic gets', () => {
  test('tool results and the next words as one user message, thinking with its seal', () => {
    const { messages, system, tools, tool_choice } = anthropic.toWire(sampleRequest());
    assert.deepEqual(
      messages.map((message) => message.role),
      ['user', 'assistant', 'user'],
    );
    assert.deepEqual(messages[1]?.content, [
      { type: 'thinking', thinking: 'I need the clock.', signature: 'sealed' },
      { type: 'text', text: 'One moment.' },
      { type: 'tool_use', id: 'call_1', name: 'clock', input: { zone: 'UTC' } },
    ]);
    assert.deepEqual(messages[2]?.content, [
      { type: 'tool_result', tool_use_id: 'call_1', content: 'noon', is_error: false },
      { type: 'text', text: 'And here?' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw==' } },
    ]);
    assert.deepEqual(system, [{ type: 'text', text: 'Be brief.' }]);
    assert.deepEqual(tools, [
      { name: 'clock', description: clock.description, input_schema: clock.parameters },
    ]);
    assert.deepEqual(tool_choice, { type: 'auto' });
  });

  test('a limit always: the wish, else the card’s, else a modest one', () => {
    const limit = (wish?: number, card: number | null = null) =>
      anthropic.toWire(sampleRequest({ maxOutputTokens: wish }, { maxOutputTokens: card }))
        .max_tokens;
    assert.equal(limit(5, 100), 5);
    assert.equal(limit(undefined, 100), 100);
    assert.equal(limit(), 8_192);
  });

  test('adaptive thinking for an effort, never a temperature; a forced call wins over thinking', () => {
    const wire = anthropic.toWire(sampleRequest({ effort: 'low', temperature: 1.5 }));
    assert.deepEqual(wire.thinking, { type: 'adaptive' });
    assert.deepEqual(wire.output_config, { effort: 'low' });
    assert.ok(!('temperature' in wire));
    const forced = anthropic.toWire(
      sampleRequest({ effort: 'low', temperature: 1.5, toolChoice: 'required' }),
    );
    assert.equal(forced.thinking, undefined);
    assert.deepEqual(forced.tool_choice, { type: 'any' });
    assert.ok(!('temperature' in forced));
  });

  test('redacted thinking as it came, and none without a seal', () => {
    const content = [
      { type: 'reasoning' as const, text: '', signature: 'redacted:abc' },
      { type: 'reasoning' as const, text: 'loose' },
      { type: 'text' as const, text: 'Hi' },
    ];
    const wire = anthropic.toWire(sampleRequest({ turns: [{ role: 'assistant', content }] }));
    assert.deepEqual(wire.messages[0]?.content, [
      { type: 'redacted_thinking', data: 'abc' },
      { type: 'text', text: 'Hi' },
    ]);
  });

  test('cache marks where the beginning is sent again, and nowhere else', () => {
    const marks = (isPrefixReused: boolean) =>
      JSON.stringify(
        anthropic.toWire(
          sampleRequest({
            isPrefixReused,
            turns: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
          }),
        ),
      ).split('cache_control').length - 1;
    assert.equal(marks(true), 2);
    assert.equal(marks(false), 0);
  });
});

describe('openai gets', () => {
  test('items of its own, nothing stored, reasoning only with its seal', () => {
    const sealed = JSON.stringify({ id: 'rs_1', sealed: 'gAAA' });
    const request = sampleRequest({ effort: 'high', maxOutputTokens: 5 });
    const turns = structuredClone([...request.turns]);
    const said = turns[1]?.role === 'assistant' && turns[1].content[0];
    assert.ok(said && said.type === 'reasoning');
    said.signature = sealed;
    const wire = openai.toWire({ ...request, turns });
    assert.equal(wire.store, false);
    assert.deepEqual(wire.include, ['reasoning.encrypted_content']);
    assert.deepEqual(wire.reasoning, { effort: 'high' });
    assert.equal(wire.max_output_tokens, 16);
    assert.equal(wire.instructions, 'Be brief.');
    assert.equal(wire.prompt_cache_key, 'c1');
    const items = Array.isArray(wire.input) ? wire.input : [];
    assert.deepEqual(items.slice(1, 5), [
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
      { role: 'assistant', content: 'One moment.' },
      { type: 'function_call', call_id: 'call_1', name: 'clock', arguments: '{"zone":"UTC"}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'noon' },
    ]);
    assert.equal(openai.toWire(request).input?.length, items.length - 1);
  });
});

describe('the hosts of the chat format get', () => {
  test('openrouter: its nested reasoning, and the details of earlier thinking back', () => {
    const details = [{ type: 'reasoning.encrypted', data: 'x' }];
    const content = [
      { type: 'reasoning' as const, text: '', signature: JSON.stringify(details) },
      { type: 'text' as const, text: 'Hi' },
    ];
    const wire = openrouter.toWire(
      sampleRequest({ effort: 'medium', turns: [{ role: 'assistant', content }] }),
    );
    assert.deepEqual({ ...wire }.messages[1], {
      role: 'assistant',
      content: 'Hi',
      reasoning_details: details,
    });
    assert.deepEqual('reasoning' in wire && wire.reasoning, { effort: 'medium' });
  });

  test('zai: streamed tool calls, kept thinking, and no tool choice but auto', () => {
    const wire = zai.toWire(sampleRequest({ toolChoice: 'required', temperature: 2 }));
    assert.equal(wire.tool_choice, 'auto');
    assert.equal(wire.temperature, 1);
    assert.equal('tool_stream' in wire && wire.tool_stream, true);
    assert.deepEqual('thinking' in wire && wire.thinking, {
      type: 'enabled',
      clear_thinking: false,
    });
    const said = wire.messages.find((message) => message.role === 'assistant');
    assert.equal(
      said && 'reasoning_content' in said && said.reasoning_content,
      'I need the clock.',
    );
    assert.equal(zai.toWire(sampleRequest({ toolChoice: 'none' })).tools, undefined);
  });

  test('both: plain text as a string, images as parts, results by call id', () => {
    const { messages } = openrouter.toWire(sampleRequest());
    assert.deepEqual(messages[0], { role: 'system', content: 'Be brief.' });
    assert.deepEqual(messages[1], { role: 'user', content: 'What time is it?' });
    assert.deepEqual(messages[3], { role: 'tool', tool_call_id: 'call_1', content: 'noon' });
    assert.ok(Array.isArray(messages[4]?.content));
  });
});

describe('ollama gets', () => {
  test('a context size always, the same for every call of a model', () => {
    const size = (contextTokens: number | null) =>
      ollama.toWire(sampleRequest({}, { contextTokens }), 16_384).options?.num_ctx;
    assert.equal(size(131_072), 16_384);
    assert.equal(size(2_048), 2_048);
    assert.equal(size(null), 16_384);
  });

  test('images as bytes, so that no text is ever taken for the path of a file', () => {
    const turns = [
      {
        role: 'user' as const,
        content: [{ type: 'image' as const, mediaType: 'image/png', base64: '/etc/passwd' }],
      },
    ];
    const wire = ollama.toWire(sampleRequest({ turns }), 16_384);
    assert.ok(wire.messages?.at(-1)?.images?.[0] instanceof Uint8Array);
  });

  test('tool results by name, thinking switched on by an effort, no tools for "none"', () => {
    const wire = ollama.toWire(sampleRequest({ effort: 'low', toolChoice: 'none' }), 16_384);
    assert.equal(wire.think, true);
    assert.equal(wire.tools, undefined);
    assert.deepEqual(wire.messages?.[3], { role: 'tool', content: 'noon', tool_name: 'clock' });
  });
});
