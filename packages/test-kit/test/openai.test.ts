import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import OpenAI from 'openai';
import { startVendors, type VendorServers } from '../src/index.ts';

let vendors: VendorServers;
let client: OpenAI;
const model = 'gpt-5.4';
const parameters = {
  type: 'object',
  properties: { timezone: { type: 'string' } },
  required: ['timezone'],
  additionalProperties: false,
};
const question = { role: 'user' as const, content: 'What time is it?' };

before(async () => {
  vendors = await startVendors({ paceMs: 0 });
  client = new OpenAI({
    baseURL: vendors.urls.openai,
    apiKey: 'simulated-openai-key',
    maxRetries: 0,
  });
});
after(() => vendors.stop());
beforeEach(() => vendors.clearScripts());

describe('the Responses look-alike, read with openai', () => {
  it('streams text whose deltas, done events and final response agree', async () => {
    const stream = await client.responses.create({ model, input: '你好, world', stream: true });
    let text = '';
    let done = '';
    const types: string[] = [];
    const numbers: number[] = [];
    for await (const event of stream) {
      types.push(event.type);
      numbers.push(event.sequence_number);
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.output_text.done') done = event.text;
      if (event.type === 'response.completed') {
        const unary = await client.responses.create({ model, input: '你好, world' });
        assert.equal(unary.output_text, text);
        assert.deepEqual(event.response.usage, unary.usage);
        assert.ok((event.response.usage?.output_tokens ?? 0) > 0);
      }
    }
    assert.match(text, /^> \*\*Simulated answer\*\* of `gpt-5.4`[\s\S]*你好, world/);
    assert.equal(done, text);
    assert.deepEqual(types.slice(0, 4), [
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
    ]);
    assert.equal(types.at(-1), 'response.completed');
    assert.deepEqual(numbers, [...numbers.keys()]);
  });

  it('seals its reasoning for who asks for it, and counts cache writes', async () => {
    const asked = { model, input: 'Hi', reasoning: { effort: 'high', summary: 'auto' } } as const;
    const sealed = await client.responses.create({
      ...asked,
      include: ['reasoning.encrypted_content'],
    });
    const [first] = sealed.output;
    assert.ok(first?.type === 'reasoning' && first.encrypted_content);
    assert.equal(typeof sealed.usage?.input_tokens_details.cache_write_tokens, 'number');
    const [open] = (await client.responses.create(asked)).output;
    assert.ok(open?.type === 'reasoning' && open.encrypted_content === undefined);
  });

  it('calls a tool with arguments in pieces and answers with its result', async () => {
    const tools = [{ type: 'function' as const, name: 'get_time', parameters, strict: true }];
    const stream = client.responses.stream({ model, input: [question], tools });
    let pieces = '';
    stream.on('response.function_call_arguments.delta', ({ delta }) => {
      pieces += delta;
    });
    const first = await stream.finalResponse();
    const [call] = first.output;
    assert.ok(call?.type === 'function_call');
    assert.equal(call.name, 'get_time');
    assert.deepEqual(JSON.parse(pieces), { timezone: 'UTC' });
    const output = {
      type: 'function_call_output' as const,
      call_id: call.call_id,
      output: '12:34 UTC',
    };
    const { type, name, arguments: given, call_id } = call;
    const history = [question, { type, name, arguments: given, call_id }];
    const second = await client.responses.create({ model, tools, input: [...history, output] });
    assert.match(second.output_text, /`get_time` answered:[\s\S]*12:34 UTC/);
    await assert.rejects(client.responses.create({ model, tools, input: history }), {
      status: 400,
      message: new RegExp(`No tool output found for function call ${call_id}`),
    });
  });

  it('reports a limit as incomplete, not as success', async () => {
    const response = await client.responses.create({ model, input: 'Hi', max_output_tokens: 16 });
    assert.equal(response.status, 'incomplete');
    assert.deepEqual(response.incomplete_details, { reason: 'max_output_tokens' });
  });

  it('fills a JSON schema', async () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' }, size: { type: 'integer' } },
      required: ['city', 'size'],
    };
    const text = { format: { type: 'json_schema' as const, name: 'place', schema } };
    const response = await client.responses.create({ model, input: 'A city', text });
    assert.deepEqual(JSON.parse(response.output_text), {
      city: 'Simulated answer of gpt-5.4',
      size: 0,
    });
  });
});

describe('the chat completions look-alike, read with openai', () => {
  it('streams text and sends usage in an extra chunk only when asked to', async () => {
    const messages = [{ role: 'user' as const, content: 'Hi' }];
    const ask = { model, messages, stream: true as const };
    const withUsage = await Array.fromAsync(
      await client.chat.completions.create({ ...ask, stream_options: { include_usage: true } }),
    );
    const last = withUsage.at(-1);
    assert.deepEqual(last?.choices, []);
    assert.ok((last?.usage?.total_tokens ?? 0) > 0);
    assert.equal(withUsage.at(-2)?.choices[0]?.finish_reason, 'stop');
    const without = await Array.fromAsync(await client.chat.completions.create(ask));
    assert.ok(without.every((chunk) => chunk.usage === undefined));
    assert.equal(without.length, withUsage.length - 1);
  });

  it('calls tools with fragments that the SDK joins', async () => {
    const tools = [{ type: 'function' as const, function: { name: 'get_time', parameters } }];
    const completion = await client.chat.completions
      .stream({ model, messages: [question], tools })
      .finalChatCompletion();
    const [call] = completion.choices[0]?.message.tool_calls ?? [];
    assert.equal(completion.choices[0]?.finish_reason, 'tool_calls');
    assert.equal(call?.function.arguments, '{"timezone":"UTC"}');
    assert.match(call?.id ?? '', /^call_.{1,35}$/);
  });

  it('wants max_completion_tokens and refuses the old name', async () => {
    await assert.rejects(
      client.chat.completions.create({ model, messages: [question], max_tokens: 5 }),
      { status: 400, param: 'max_tokens' },
    );
    const { choices } = await client.chat.completions.create({
      model,
      messages: [question],
      max_completion_tokens: 5,
    });
    assert.equal(choices[0]?.finish_reason, 'length');
  });
});

describe('the OpenAI look-alike', () => {
  it('lists its models and refuses unknown ones', async () => {
    const { data } = await client.models.list();
    assert.deepEqual(
      data.map(({ id }) => id),
      ['gpt-5.4', 'gpt-5.4-mini'],
    );
    await assert.rejects(client.responses.create({ model: 'gpt-9', input: 'Hi' }), {
      status: 404,
      code: 'model_not_found',
    });
  });

  it('refuses a bad key without repeating it', async () => {
    const stranger = new OpenAI({
      baseURL: vendors.urls.openai,
      apiKey: 'bad-key',
      maxRetries: 0,
    });
    await assert.rejects(stranger.models.list(), (thrown) => {
      assert.ok(thrown instanceof OpenAI.AuthenticationError);
      assert.equal(thrown.code, 'invalid_api_key');
      assert.doesNotMatch(thrown.message, /bad-key/);
      return true;
    });
  });
});
