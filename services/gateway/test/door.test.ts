import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { waitFor } from '@mosaic/test-kit';
import { end, start } from '@mosaic/test-kit/samples';
import { ask, type GatewayRig, startGateway, type TestPerson } from './gateway-rig.ts';

let rig: GatewayRig;
let ada: TestPerson;
before(async () => {
  rig = await startGateway();
  ada = await rig.signUp('ada');
});
after(() => rig.stop());

const hello = { model: 'auto', messages: [{ role: 'user', content: 'hi' }] };

async function streamed(body: unknown, path = '/v1/chat/completions') {
  const response = await fetch(`${rig.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
  return { response, data: lines.map((line) => line.slice('data: '.length)) };
}

test('a whole answer names who answered and why in headers that any program can read', async () => {
  const answer = await ada.ask('POST', '/v1/chat/completions', hello);
  assert.equal(answer.status, 200);
  assert.equal(answer.body.choices[0].message.content, 'Hello there');
  assert.equal(answer.body.choices[0].finish_reason, 'stop');
  assert.deepEqual(answer.body.usage.total_tokens, 15);
  assert.equal(answer.headers.get('x-mosaic-provider'), 'anthropic');
  assert.equal(answer.headers.get('x-mosaic-model'), 'claude-haiku-4-5');
  assert.equal(answer.headers.get('x-mosaic-rule'), 'simple');
  const reason = decodeURIComponent(answer.headers.get('x-mosaic-reason') ?? '');
  assert.match(reason, /schnell & günstig/);
  assert.equal(rig.peers.asked.at(-1)?.purpose, 'door');
  assert.equal(rig.peers.asked.at(-1)?.candidates.length, 2);
});

test('a streamed answer has the headers, the pieces, the usage when asked for, and [DONE]', async () => {
  const { data, response } = await streamed({
    ...hello,
    stream: true,
    stream_options: { include_usage: true },
  });
  assert.equal(response.headers.get('x-mosaic-provider'), 'anthropic');
  assert.equal(data.at(-1), '[DONE]');
  const chunks = data.slice(0, -1).map((line) => JSON.parse(line));
  const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
  assert.equal(text, 'Hello there');
  assert.equal(chunks.at(-2).choices[0].finish_reason, 'stop');
  assert.equal(chunks.at(-1).usage.prompt_tokens, 10);
});

test('a fallback is named: by the headers of who answered and in the reason', async () => {
  rig.peers.completeWith(async function* () {
    const skipped = [
      { provider: 'anthropic' as const, model: 'claude-haiku-4-5', why: 'overloaded' },
    ];
    yield { ...start, provider: 'zai', model: 'glm-5', skipped } as typeof start;
    yield { type: 'text', text: 'x' };
    yield end;
  });
  const { headers } = await ada.ask('POST', '/v1/chat/completions', hello);
  assert.equal(headers.get('x-mosaic-provider'), 'zai');
  assert.match(headers.get('x-mosaic-reason') ?? '', /glm-5 answered instead of anthropic/);
});

test('tools, their calls and their results pass through in both directions', async () => {
  rig.peers.completeWith(async function* () {
    yield start;
    yield { type: 'tool-call-start', id: 'c2', name: 'weather' };
    yield { type: 'tool-call-delta', id: 'c2', json: '{"city":' };
    yield { type: 'tool-call-delta', id: 'c2', json: '"Bern"}' };
    yield { type: 'tool-call', call: { id: 'c2', name: 'weather', arguments: { city: 'Bern' } } };
    yield { ...end, stop: { unified: 'tool-calls', raw: 'tool_use' } };
  });
  const parameters = { type: 'object', properties: { city: { type: 'string' } } };
  const body = {
    model: 'auto',
    tools: [{ type: 'function', function: { name: 'weather', parameters } }],
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'Which city?' },
    ],
  };
  const whole = await ada.ask('POST', '/v1/chat/completions', body);
  assert.equal(whole.body.choices[0].message.tool_calls[0].function.arguments, '{"city":"Bern"}');
  const asked = rig.peers.asked.at(-1);
  assert.equal(asked?.system, 'Be brief.');
  assert.deepEqual(asked?.tools[0]?.parameters, parameters);
  assert.deepEqual(
    asked?.turns.map((turn) => turn.role),
    ['user', 'assistant', 'tool'],
  );
  const { data } = await streamed({ ...body, stream: true });
  const calls = data
    .slice(0, -1)
    .flatMap((line) => JSON.parse(line).choices[0]?.delta.tool_calls ?? []);
  assert.equal(calls.map((call) => call.function.arguments).join(''), '{"city":"Bern"}');
});

test('every option that steers an answer goes on, in our words', async () => {
  const schema = { type: 'object', properties: { n: { type: 'number' } } };
  await ada.ask('POST', '/v1/chat/completions', {
    ...hello,
    tools: [{ type: 'function', function: { name: 'weather' } }],
    tool_choice: { type: 'function', function: { name: 'weather' } },
    ...{ parallel_tool_calls: false, temperature: 0.5, top_p: 0.9, stop: 'END', seed: 7 },
    ...{ presence_penalty: 1, frequency_penalty: -1, reasoning_effort: 'xhigh' },
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
  });
  const asked = rig.peers.asked.at(-1);
  assert.deepEqual(asked?.toolChoice, { name: 'weather' });
  assert.deepEqual(asked?.outputFormat, { type: 'json-schema', name: 'answer', schema });
  assert.deepEqual(asked?.stop, ['END']);
  assert.equal(asked?.effort, 'xhigh');
  assert.equal(asked?.parallelToolCalls, false);
  assert.deepEqual([asked?.temperature, asked?.topP, asked?.seed], [0.5, 0.9, 7]);
  assert.deepEqual([asked?.presencePenalty, asked?.frequencyPenalty], [1, -1]);
  await ada.ask('POST', '/v1/chat/completions', {
    ...hello,
    ...{ response_format: { type: 'json_object' }, reasoning_effort: 'heroic', stop: ['a', ''] },
  });
  const loose = rig.peers.asked.at(-1);
  assert.deepEqual(loose?.outputFormat, { type: 'json' });
  assert.deepEqual(loose?.stop, ['a']);
  assert.equal(loose?.effort, undefined);
});

test('files come as data, and nothing is fetched for anybody', async () => {
  const file = (file_data: string) => ({
    ...hello,
    messages: [
      { role: 'user', content: [{ type: 'file', file: { filename: 'a.pdf', file_data } }] },
    ],
  });
  const pdf = file('data:application/pdf;base64,JVBERg==');
  assert.equal((await ada.ask('POST', '/v1/chat/completions', pdf)).status, 200);
  assert.deepEqual(rig.peers.asked.at(-1)?.turns[0], {
    role: 'user',
    content: [{ type: 'file', mediaType: 'application/pdf', base64: 'JVBERg==', name: 'a.pdf' }],
  });
  const address = file('https://example.org/a.pdf');
  assert.equal((await ada.ask('POST', '/v1/chat/completions', address)).status, 400);
});

test('errors have the form of OpenAI: before the stream by status, in it as data', async () => {
  const stranger = await ask(`${rig.url}/v1/chat/completions`, { method: 'POST', body: hello });
  assert.equal(stranger.status, 401);
  assert.equal(stranger.body.error.type, 'authentication_error');
  const bad = await ada.ask('POST', '/v1/chat/completions', { messages: [] });
  assert.equal(bad.status, 400);
  assert.equal(bad.body.error.type, 'invalid_request_error');
  const failed = {
    ...{ type: 'error' as const, skipped: [], usage: null },
    failure: { code: 'provider_overloaded' as const, message: 'Busy.', isRetryable: true },
    cost: end.cost,
    timings: end.timings,
  };
  rig.peers.completeWith(async function* () {
    yield { ...failed, phase: 'before-first-part' };
  });
  const early = await streamed({ ...hello, stream: true });
  assert.equal(early.response.status, 502);
  rig.peers.completeWith(async function* () {
    yield start;
    yield { type: 'text', text: 'Half' };
    yield { ...failed, phase: 'after-first-part' };
  });
  const late = await streamed({ ...hello, stream: true });
  assert.equal(late.response.status, 200);
  assert.equal(JSON.parse(late.data.at(-1) ?? '').error.code, 'provider_overloaded');
});

test('a client that leaves cancels the stream down to the vendor', async () => {
  rig.peers.completeWith(async function* (_request, signal) {
    yield start;
    yield { type: 'text', text: 'one' };
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    yield end;
  });
  const control = new AbortController();
  const response = await fetch(`${rig.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...hello, stream: true }),
    signal: control.signal,
  });
  await response.body?.getReader().read();
  control.abort();
  await waitFor(() => rig.peers.signals.at(-1)?.aborted === true);
});

test('models, embeddings and explanations are to be had', async () => {
  const models = (await ada.ask('GET', '/v1/models')).body.data.map(
    (one: { id: string }) => one.id,
  );
  assert.deepEqual(models, ['auto', 'agent/assistant', 'anthropic/claude-haiku-4-5']);
  const made = await ada.ask('POST', '/v1/embeddings', { input: ['a', 'b'], model: 'auto' });
  assert.deepEqual(made.body.data[1], { object: 'embedding', index: 1, embedding: [0.5, -0.5] });
  const explained = await ada.ask('POST', '/api/routing/explain', { text: 'hi' });
  assert.equal(explained.body.rule, 'simple');
  assert.equal(explained.body.task, 'simple_qa');
  assert.equal(explained.body.decision.policyVersion, 'test');
});

test('an agent answers at the door under its own name, and an unknown one is a 404', async () => {
  rig.peers.completeWith(async function* () {
    yield start;
    yield { type: 'text', text: 'x' };
    yield end;
  });
  await ada.ask('POST', '/v1/chat/completions', { ...hello, model: 'agent/assistant' });
  assert.equal(rig.peers.asked.at(-1)?.system, 'You help.');
  const none = await ada.ask('POST', '/v1/chat/completions', { ...hello, model: 'agent/none' });
  assert.equal(none.status, 404);
  assert.equal(none.body.error.code, 'model_not_found');
});

test('a name that no vendor offers is a 404 with the nearest one', async () => {
  const none = await ada.ask('POST', '/v1/chat/completions', { ...hello, model: 'claude-haiku-9' });
  assert.equal(none.status, 404);
  assert.match(none.body.error.message, /claude-haiku-4-5/);
});

test('the list of models carries what changed at the vendors lately', async () => {
  const { body, status } = await ada.ask('GET', '/api/models');
  assert.equal(status, 200);
  assert.equal(body.models[0].model, 'claude-haiku-4-5');
  assert.match(body.news.changes[0].text, /shut down by its vendor/);
});
