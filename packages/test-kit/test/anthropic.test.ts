import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { startVendors, type VendorServers } from '../src/index.ts';

let vendors: VendorServers;
let client: Anthropic;
const ask = { model: 'claude-opus-4-6', max_tokens: 2000 } as const;

before(async () => {
  vendors = await startVendors({ paceMs: 0 });
  client = new Anthropic({
    baseURL: vendors.urls.anthropic,
    apiKey: 'simulated-anthropic-key',
    maxRetries: 0,
  });
});
after(() => vendors.stop());
beforeEach(() => vendors.clearScripts());

describe('the Anthropic look-alike, read with @anthropic-ai/sdk', () => {
  const tools = [
    {
      name: 'get_time',
      description: 'The time',
      input_schema: {
        type: 'object' as const,
        properties: { timezone: { type: 'string' } },
        required: ['timezone'],
      },
    },
  ];

  it('streams text that ends with end_turn and the same usage as the unary answer', async () => {
    const messages = [{ role: 'user' as const, content: 'Tell me about 长城 please' }];
    const streamed = await client.messages.stream({ ...ask, messages }).finalMessage();
    const unary = await client.messages.create({ ...ask, messages });
    assert.equal(streamed.stop_reason, 'end_turn');
    assert.deepEqual(streamed.content, unary.content);
    assert.deepEqual(streamed.usage.output_tokens, unary.usage.output_tokens);
    assert.equal(streamed.usage.input_tokens, unary.usage.input_tokens);
    const [block] = streamed.content;
    assert.ok(block?.type === 'text');
    assert.match(block.text, /^> \*\*Simulated answer\*\* of `claude-opus-4-6`/);
    assert.match(block.text, /长城/);
  });

  it('calls an offered tool and answers with its result in the next step', async () => {
    const question = { role: 'user' as const, content: 'What time is it?' };
    const first = await client.messages
      .stream({ ...ask, tools, messages: [question] })
      .finalMessage();
    const [call] = first.content;
    assert.equal(first.stop_reason, 'tool_use');
    assert.ok(call?.type === 'tool_use');
    assert.deepEqual(call.input, { timezone: 'UTC' });
    const second = await client.messages.create({
      ...ask,
      tools,
      messages: [
        question,
        { role: 'assistant', content: first.content },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: call.id, content: '12:34 UTC' }],
        },
      ],
    });
    const [block] = second.content;
    assert.ok(block?.type === 'text');
    assert.match(block.text, /`get_time` answered:[\s\S]*12:34 UTC/);
  });

  it('refuses a history in which a tool call has no result', async () => {
    const messages = [
      { role: 'user' as const, content: 'What time is it?' },
      {
        role: 'assistant' as const,
        content: [{ type: 'tool_use' as const, id: 'toolu_1', name: 'get_time', input: {} }],
      },
      { role: 'user' as const, content: 'Hello?' },
    ];
    await assert.rejects(client.messages.create({ ...ask, messages }), {
      status: 400,
      message: /`tool_use` ids were found without `tool_result`.*toolu_1/,
    });
  });

  it('thinks before it speaks when thinking is on, and signs the thought', async () => {
    const message = await client.messages
      .stream({
        ...ask,
        thinking: { type: 'adaptive' },
        messages: [{ role: 'user', content: 'Hi' }],
      })
      .finalMessage();
    const [thought, text] = message.content;
    assert.ok(thought?.type === 'thinking');
    assert.ok(thought.thinking.length > 0 && thought.signature.length > 0);
    assert.equal(text?.type, 'text');
  });

  it('stops at max_tokens and says so', async () => {
    const message = await client.messages.create({
      ...ask,
      max_tokens: 5,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    assert.equal(message.stop_reason, 'max_tokens');
    assert.ok(message.usage.output_tokens <= 5);
  });

  it('lists its models', async () => {
    const { data } = await client.models.list();
    assert.deepEqual(
      data.map(({ id }) => id),
      ['claude-opus-4-6', 'claude-sonnet-4-6', 'claude-haiku-4-5'],
    );
    assert.equal(
      (await client.models.retrieve('claude-haiku-4-5')).display_name,
      'Claude Haiku 4.5',
    );
  });

  it('refuses a bad key, an unknown model and a missing limit as Anthropic does', async () => {
    const messages = [{ role: 'user' as const, content: 'Hi' }];
    const stranger = new Anthropic({
      baseURL: vendors.urls.anthropic,
      apiKey: 'bad-key',
      maxRetries: 0,
    });
    await assert.rejects(stranger.messages.create({ ...ask, messages }), (thrown) => {
      assert.ok(thrown instanceof Anthropic.AuthenticationError);
      assert.equal(thrown.type, 'authentication_error');
      assert.match(thrown.requestID ?? '', /^req_/);
      return true;
    });
    await assert.rejects(client.messages.create({ ...ask, model: 'claude-9', messages }), {
      status: 404,
      type: 'not_found_error',
      message: /model: claude-9/,
    });
    const bare = await fetch(`${vendors.urls.anthropic}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify({ model: ask.model, messages }),
    });
    assert.equal(bare.status, 400);
    assert.match(await bare.text(), /"max_tokens: Field required"/);
  });

  it('says what a script tells it, with the usage of the script', async () => {
    vendors.script({
      vendor: 'anthropic',
      chunks: ['one ', 'two'],
      usage: { inputTokens: 100, cacheReadTokens: 60, cacheWriteTokens: 30, outputTokens: 7 },
    });
    const message = await client.messages
      .stream({ ...ask, messages: [{ role: 'user', content: 'Hi' }] })
      .finalMessage();
    assert.deepEqual(message.content, [{ type: 'text', text: 'one two', citations: null }]);
    assert.equal(message.usage.input_tokens, 10);
    assert.equal(message.usage.cache_read_input_tokens, 60);
    assert.equal(message.usage.cache_creation_input_tokens, 30);
    assert.equal(message.usage.output_tokens, 7);
  });
});

describe('the usage of the Anthropic look-alike', () => {
  it('counts less finely in the last event than in the first', async () => {
    const messages = [{ role: 'user' as const, content: 'Hi' }];
    const events = await Array.fromAsync(
      await client.messages.create({ ...ask, messages, stream: true }),
    );
    const first = events.find((event) => event.type === 'message_start');
    const last = events.find((event) => event.type === 'message_delta');
    assert.ok(first && 'cache_creation' in first.message.usage);
    assert.ok(last && !('cache_creation' in last.usage));
    assert.equal(last.usage.input_tokens, first.message.usage.input_tokens);
  });
});
