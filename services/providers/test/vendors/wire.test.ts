import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toHeaders } from '../../src/anthropic/thinking.ts';
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

  test('adaptive thinking with an effort, a budget, or a switched-off one, and never a temperature', () => {
    const byName = { reasoning: { how: 'effort', efforts: ['low'] } } as const;
    const wire = anthropic.toWire(sampleRequest({ effort: 'low', temperature: 1.5 }, byName));
    assert.deepEqual(wire.thinking, { type: 'adaptive', display: 'summarized' });
    assert.deepEqual(wire.output_config, { effort: 'low' });
    assert.ok(!('temperature' in wire));
    const budget = anthropic.toWire(sampleRequest({ effort: 'low', thinkingTokens: 2_048 }));
    assert.deepEqual(budget.thinking, {
      type: 'enabled',
      budget_tokens: 2_048,
      display: 'summarized',
    });
    assert.equal(budget.output_config, undefined);
    const off = anthropic.toWire(sampleRequest({ effort: 'none' }, byName));
    assert.deepEqual(off.thinking, { type: 'disabled' });
    assert.equal(off.output_config, undefined);
  });

  test('leave to drop thoughts that came after another beginning, where models refuse these', () => {
    const quirks = ['thinks-unasked', 'binds-thoughts'] as const;
    const bound = sampleRequest({ effort: undefined }, { quirks });
    assert.deepEqual(anthropic.toWire(bound).thinking, {
      type: 'adaptive',
      display: 'summarized',
      block_binding: { prefix_mismatch_behavior: 'drop_block' },
    });
    assert.deepEqual(toHeaders(bound), {
      'anthropic-beta': 'thinking-binding-controls-2026-08-01',
    });
    const fresh = sampleRequest({ effort: undefined, turns: [] }, { quirks });
    assert.deepEqual(anthropic.toWire(fresh).thinking, { type: 'adaptive', display: 'summarized' });
    assert.deepEqual(toHeaders(fresh), {});
    assert.equal(anthropic.toWire(sampleRequest({ effort: undefined })).thinking, undefined);
  });

  test('every tool choice, one call at a time when wished, and stop sequences', () => {
    const choose = (changes: Parameters<typeof sampleRequest>[0]) =>
      anthropic.toWire(sampleRequest(changes)).tool_choice;
    assert.deepEqual(choose({ toolChoice: 'required' }), { type: 'any' });
    assert.deepEqual(choose({ toolChoice: { name: 'clock' }, parallelToolCalls: false }), {
      type: 'tool',
      name: 'clock',
      disable_parallel_tool_use: true,
    });
    assert.deepEqual(choose({ toolChoice: 'none', parallelToolCalls: false }), { type: 'none' });
    assert.deepEqual(anthropic.toWire(sampleRequest({ stop: ['END'] })).stop_sequences, ['END']);
  });

  test('PDFs and texts as documents, and a schema with closed objects', () => {
    const content = [
      { type: 'file' as const, mediaType: 'application/pdf', base64: 'JVBERg==', name: 'a.pdf' },
      { type: 'file' as const, mediaType: 'text/csv', base64: 'YSxi', name: 'b.csv' },
    ];
    const wire = anthropic.toWire(
      sampleRequest({
        turns: [{ role: 'user', content }],
        outputFormat: {
          type: 'json-schema',
          name: 'answer',
          schema: { type: 'object', properties: { n: { type: 'number', minimum: 1 } } },
        },
      }),
    );
    assert.deepEqual(wire.messages[0]?.content, [
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERg==' },
        title: 'a.pdf',
      },
      {
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: 'a,b' },
        title: 'b.csv',
      },
    ]);
    assert.deepEqual(wire.output_config?.format, {
      type: 'json_schema',
      schema: {
        type: 'object',
        properties: { n: { type: 'number', description: '{minimum: 1}' } },
        additionalProperties: false,
      },
    });
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
});

describe('openai gets', () => {
  test('items of its own, nothing stored, reasoning only with its seal', () => {
    const sealed = JSON.stringify({ id: 'rs_1', sealed: 'gAAA' });
    const request = sampleRequest({ effort: 'high', maxOutputTokens: 16 });
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

  test('files and images as data, the chosen tool, and a strict schema only where it is one', () => {
    const content = [
      { type: 'file' as const, mediaType: 'text/csv', base64: 'YSxi', name: 'b.csv' },
      { type: 'image' as const, mediaType: 'image/png', base64: 'iVBORw==' },
    ];
    const closed = {
      type: 'object',
      properties: { n: { type: 'number' } },
      required: ['n'],
      additionalProperties: false,
    };
    const ask = (schema: Record<string, unknown>) =>
      openai.toWire(
        sampleRequest({
          turns: [{ role: 'user', content }],
          toolChoice: { name: 'clock' },
          parallelToolCalls: false,
          outputFormat: { type: 'json-schema', name: 'answer', schema },
        }),
      );
    const wire = ask(closed);
    assert.deepEqual(Array.isArray(wire.input) && wire.input[0], {
      role: 'user',
      content: [
        { type: 'input_file', filename: 'b.csv', file_data: 'data:text/csv;base64,YSxi' },
        { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,iVBORw==' },
      ],
    });
    assert.deepEqual(wire.tool_choice, { type: 'function', name: 'clock' });
    assert.equal(wire.parallel_tool_calls, false);
    const strict = ({ text }: ReturnType<typeof ask>) =>
      text?.format?.type === 'json_schema' && text.format.strict;
    assert.equal(strict(wire), true);
    assert.equal(strict(ask({ ...closed, required: [] })), false);
    assert.equal(strict(ask({ type: 'object', properties: { a: { type: 'object' } } })), false);
  });

  test('the word JSON in a message for its JSON mode, and no cache key longer than it takes', () => {
    const wire = openai.toWire(
      sampleRequest({ outputFormat: { type: 'json' }, conversationId: 'c'.repeat(100) }),
    );
    assert.deepEqual(wire.text, { format: { type: 'json_object' } });
    assert.deepEqual(Array.isArray(wire.input) && wire.input[0], {
      role: 'developer',
      content: 'Answer in JSON.',
    });
    assert.equal(wire.prompt_cache_key?.length, 64);
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
    assert.equal('session_id' in wire && wire.session_id, 'c1');
  });

  test('openrouter: files as data, read by the free reader for a model that sees nothing', () => {
    const content = [
      { type: 'file' as const, mediaType: 'application/pdf', base64: 'JVBERg==', name: 'a.pdf' },
    ];
    const ask = (capabilities: ('vision' | 'tools')[]) =>
      openrouter.toWire(sampleRequest({ turns: [{ role: 'user', content }] }, { capabilities }));
    const blind = ask(['tools']);
    assert.deepEqual(blind.messages[1]?.content, [
      {
        type: 'file',
        file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' },
      },
    ]);
    assert.deepEqual('plugins' in blind && blind.plugins, [
      { id: 'file-parser', pdf: { engine: 'cloudflare-ai' } },
    ]);
    assert.ok(!('plugins' in ask(['vision'])));
  });

  test('zai: streamed tool calls, kept thinking, and no tool choice but auto', () => {
    const wire = zai.toWire(sampleRequest({ toolChoice: 'required' }));
    assert.equal(wire.tool_choice, 'auto');
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
    const off = zai.toWire(sampleRequest({ effort: 'none' }));
    assert.deepEqual('thinking' in off && off.thinking, { type: 'disabled' });
  });

  test('zai: the name of the effort only where the card has names', () => {
    const byName = { reasoning: { how: 'effort', efforts: ['high', 'max'] } } as const;
    const named = zai.toWire(sampleRequest({ effort: 'max' }, byName));
    assert.equal(named.reasoning_effort, 'max');
    assert.deepEqual('thinking' in named && named.thinking, {
      type: 'enabled',
      clear_thinking: false,
    });
    const bySwitch = { reasoning: { how: 'switch' } } as const;
    assert.ok(!('reasoning_effort' in zai.toWire(sampleRequest({ effort: 'max' }, bySwitch))));
    assert.ok(!('reasoning_effort' in zai.toWire(sampleRequest({ effort: 'none' }, byName))));
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
    assert.equal(ollama.toWire(sampleRequest({ effort: 'none' }), 16_384).think, false);
    const levels = { reasoning: { how: 'effort', efforts: ['low', 'high'] } } as const;
    assert.equal(ollama.toWire(sampleRequest({ effort: 'high' }, levels), 16_384).think, 'high');
    assert.equal(wire.tools, undefined);
    assert.deepEqual(wire.messages?.[3], { role: 'tool', content: 'noon', tool_name: 'clock' });
  });
});
