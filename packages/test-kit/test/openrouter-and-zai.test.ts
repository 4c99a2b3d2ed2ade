import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import OpenAI from 'openai';
import { startVendors, type VendorServers } from '../src/index.ts';

let vendors: VendorServers;
const messages = [{ role: 'user' as const, content: 'What time is it?' }];
const tools = [
  {
    type: 'function' as const,
    function: { name: 'get_time', parameters: { type: 'object', properties: {} } },
  },
];

function clientOf(vendor: 'openrouter' | 'zai', apiKey = 'simulated-key'): OpenAI {
  return new OpenAI({ baseURL: vendors.urls[vendor], apiKey, maxRetries: 0 });
}

/** Body text of a streamed chat completion, as it came over the wire. */
async function rawStream(vendor: 'openrouter' | 'zai', body: object): Promise<Response> {
  return fetch(`${vendors.urls[vendor]}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer simulated-key', 'content-type': 'application/json' },
    body: JSON.stringify({ messages, stream: true, ...body }),
  });
}

function eventsOf(text: string): readonly Record<string, unknown>[] {
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice('data: '.length)));
}

before(async () => {
  vendors = await startVendors({ paceMs: 0 });
});
after(() => vendors.stop());
beforeEach(() => vendors.clearScripts());

describe('the OpenRouter look-alike', () => {
  const model = 'anthropic/claude-sonnet-4.6';

  it('sends comments, one generation id everywhere, and the cost in the last chunk', async () => {
    const response = await rawStream('openrouter', { model });
    const text = await response.text();
    const events = eventsOf(text);
    assert.match(text, /^: OPENROUTER PROCESSING\n\n/);
    assert.ok(text.endsWith('data: [DONE]\n\n'));
    const id = response.headers.get('x-generation-id');
    assert.ok(id?.startsWith('gen-') && events.every((event) => event['id'] === id));
    const usage = events.at(-1)?.['usage'] as Record<string, number>;
    const { prompt_tokens: input = 0, completion_tokens: output = 0 } = usage;
    assert.equal(usage['cost'], Number((input * 0.000003 + output * 0.000015).toFixed(9)));
    assert.equal(events[0]?.['provider'], 'Anthropic');
  });

  it('is read by the OpenAI SDK: text, tools and reasoning', async () => {
    const client = clientOf('openrouter');
    const called = await client.chat.completions
      .stream({ model, messages, tools })
      .finalChatCompletion();
    assert.equal(called.choices[0]?.message.tool_calls?.[0]?.function.name, 'get_time');
    const thought = await (
      await rawStream('openrouter', { model, reasoning: { effort: 'low' } })
    ).text();
    assert.match(thought, /"reasoning_details":\[\{"type":"reasoning.text"/);
  });

  it('lists models with prices per token', async () => {
    const { data } = await clientOf('openrouter').models.list();
    const glm = data.find(({ id }) => id === 'z-ai/glm-5');
    assert.deepEqual(Object.keys((glm as unknown as { pricing: object }).pricing), [
      'prompt',
      'completion',
      'request',
      'image',
    ]);
  });

  it('refuses with a numeric code that equals the status', async () => {
    const client = clientOf('openrouter');
    await assert.rejects(client.chat.completions.create({ model: 'no/such', messages }), {
      status: 400,
      error: { message: 'no/such is not a valid model ID', code: 400 },
    });
    const stranger = clientOf('openrouter', 'bad-key');
    await assert.rejects(stranger.chat.completions.create({ model, messages }), {
      status: 401,
      error: { message: 'User not found.', code: 401 },
    });
  });

  it('reports a late error in a chunk with finish reason "error"', async () => {
    vendors.script({ fault: { kind: 'error-in-stream', status: 502, afterChunks: 2 } });
    const events = eventsOf(await (await rawStream('openrouter', { model })).text());
    assert.equal(events.length, 3);
    const last = events.at(-1) as { error: { code: number }; choices: { finish_reason: string }[] };
    assert.equal(last.error.code, 502);
    assert.equal(last.choices[0]?.finish_reason, 'error');
  });
});

describe('the Z.ai look-alike', () => {
  const model = 'glm-5';

  it('thinks in reasoning_content and sends usage behind the finish chunk', async () => {
    const events = eventsOf(await (await rawStream('zai', { model })).text()) as unknown as {
      choices: { finish_reason?: string; delta: { reasoning_content?: string } }[];
      usage?: { total_tokens: number } | null;
    }[];
    assert.ok((events[0]?.choices[0]?.delta.reasoning_content ?? '').length > 0);
    assert.equal(events.at(-2)?.choices[0]?.finish_reason, 'stop');
    assert.equal(events.at(-2)?.usage, null);
    assert.deepEqual(events.at(-1)?.choices, []);
    assert.ok((events.at(-1)?.usage?.total_tokens ?? 0) > 0);
  });

  it('does not think when told not to', async () => {
    const text = await (await rawStream('zai', { model, thinking: { type: 'disabled' } })).text();
    assert.doesNotMatch(text, /reasoning_content/);
  });

  it('sends tool arguments whole, and in pieces only with tool_stream', async () => {
    const count = async (body: object) => {
      const text = await (await rawStream('zai', { model, tools, ...body })).text();
      return text.match(/"tool_calls"/g)?.length;
    };
    assert.equal(await count({}), 2);
    assert.equal(await count({ tool_stream: true }), 3);
  });

  it('refuses with business codes that are strings', async () => {
    const client = clientOf('zai');
    await assert.rejects(client.chat.completions.create({ model: 'glm-0', messages }), {
      status: 400,
      code: '1211',
    });
    await assert.rejects(clientOf('zai', 'bad-key').models.list(), {
      status: 401,
      code: '401',
    });
    vendors.script({ vendor: 'zai', fault: { kind: 'status', status: 429, code: '1113' } });
    await assert.rejects(client.chat.completions.create({ model, messages }), {
      status: 429,
      message: /Insufficient balance/,
    });
  });

  it('answers an address it does not serve with an envelope and status 200', async () => {
    const headers = { authorization: 'Bearer simulated-key' };
    const response = await fetch(`${vendors.urls.zai}/v1/nowhere`, { headers });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { code: 500, msg: '404 NOT_FOUND', success: false });
  });

  it('puts a business code into a chunk when the error comes late', async () => {
    vendors.script({ fault: { kind: 'error-in-stream', code: '1302' } });
    const text = await (await rawStream('zai', { model })).text();
    assert.match(text, /"error":\{"code":"1302","message":"High concurrency[^"]+"\}\}\n\n$/);
  });
});
