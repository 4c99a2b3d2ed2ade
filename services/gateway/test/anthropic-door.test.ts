import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { end, start } from '@mosaic/test-kit/samples';
import { ask, type GatewayRig, startGateway, type TestPerson } from './gateway-rig.ts';

let rig: GatewayRig;
let ada: TestPerson;
before(async () => {
  rig = await startGateway();
  ada = await rig.signUp('ada');
});
after(() => rig.stop());

const hello = { model: 'auto', max_tokens: 50, messages: [{ role: 'user', content: 'hi' }] };
const weather = { name: 'weather', input_schema: { type: 'object' } };

test('a key in x-api-key opens the door, and the answer is a message', async () => {
  const { key } = (await ada.ask('POST', '/api/keys', { name: 'door' })).body;
  const headers = { 'x-api-key': key };
  const answer = await ask(`${rig.url}/v1/messages`, { method: 'POST', body: hello, headers });
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body.content, [{ type: 'text', text: 'Hello there' }]);
  assert.equal(answer.body.stop_reason, 'end_turn');
  assert.equal(answer.body.usage.input_tokens, 10);
  assert.equal(answer.headers.get('x-mosaic-rule'), 'simple');
  assert.equal(rig.peers.asked.at(-1)?.maxOutputTokens, 50);
});

test('a stream is a row of blocks that never overlap, also when calls do', async () => {
  rig.peers.completeWith(async function* () {
    yield start;
    yield { type: 'reasoning', text: 'Hm.' };
    yield { type: 'reasoning', text: '', signature: 'sealed' };
    yield { type: 'text', text: 'Let me ' };
    yield { type: 'text', text: 'see.' };
    yield { type: 'tool-call-start', id: 'a', name: 'weather' };
    yield { type: 'tool-call-start', id: 'b', name: 'weather' };
    yield { type: 'tool-call-delta', id: 'b', json: '{"y":2}' };
    yield { type: 'tool-call-delta', id: 'a', json: '{"x":' };
    yield { type: 'tool-call-delta', id: 'a', json: '1}' };
    yield { type: 'tool-call', call: { id: 'a', name: 'weather', arguments: { x: 1 } } };
    yield { type: 'tool-call', call: { id: 'b', name: 'weather', arguments: { y: 2 } } };
    yield { ...end, stop: { unified: 'tool-calls', raw: 'tool_use' } };
  });
  const body = { ...hello, stream: true, tools: [weather] };
  const text = String((await ada.ask('POST', '/v1/messages', body)).body);
  const events = [...text.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1] ?? ''));
  let open = -1;
  const blocks: { type: string; text: string }[] = [];
  for (const event of events) {
    if (event.type === 'content_block_start') {
      assert.equal(open, -1, 'the block before is closed');
      assert.equal(event.index, blocks.length);
      open = event.index;
      blocks.push({ type: event.content_block.type, text: '' });
    }
    if (event.type === 'content_block_delta') {
      assert.equal(event.index, open);
      const { partial_json: json, text: said, thinking } = event.delta;
      const block = blocks[event.index];
      if (block !== undefined) block.text += json ?? said ?? thinking ?? '';
    }
    if (event.type === 'content_block_stop') open = -1;
  }
  assert.deepEqual(blocks, [
    { type: 'thinking', text: 'Hm.' },
    { type: 'text', text: 'Let me see.' },
    { type: 'tool_use', text: '{"x":1}' },
    { type: 'tool_use', text: '{"y":2}' },
  ]);
  assert.equal(events[0].type, 'message_start');
  assert.equal(events.at(-2).delta.stop_reason, 'tool_use');
  assert.equal(events.at(-1).type, 'message_stop');
});

test('results of tools and new words in one message become two turns', async () => {
  const messages = [
    { role: 'user', content: 'Weather?' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'weather', input: {} }] },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'Rain.' }] },
        { type: 'text', text: 'Thanks.' },
      ],
    },
  ];
  await ada.ask('POST', '/v1/messages', { ...hello, messages });
  const turns = rig.peers.asked.at(-1)?.turns;
  assert.deepEqual(
    turns?.map((turn) => turn.role),
    ['user', 'assistant', 'tool', 'user'],
  );
  assert.deepEqual(turns?.[2]?.role === 'tool' ? turns[2].results[0]?.output : '', 'Rain.');
});

test('errors have the form of Anthropic', async () => {
  const stranger = await ask(`${rig.url}/v1/messages`, { method: 'POST', body: hello });
  assert.equal(stranger.status, 401);
  assert.equal(stranger.body.type, 'error');
  assert.equal(stranger.body.error.type, 'authentication_error');
  const bad = await ada.ask('POST', '/v1/messages', { ...hello, max_tokens: 'many' });
  assert.equal(bad.status, 400);
  assert.equal(bad.body.error.type, 'invalid_request_error');
});

test('every option that steers an answer goes on, in our words', async () => {
  const schema = { type: 'object', properties: {} };
  await ada.ask('POST', '/v1/messages', {
    ...hello,
    tools: [weather],
    tool_choice: { type: 'tool', name: 'weather', disable_parallel_tool_use: true },
    ...{ temperature: 0.5, top_p: 0.9, stop_sequences: ['END'] },
    output_config: { effort: 'max', format: { type: 'json_schema', schema } },
  });
  const asked = rig.peers.asked.at(-1);
  assert.deepEqual(asked?.toolChoice, { name: 'weather' });
  assert.equal(asked?.parallelToolCalls, false);
  assert.deepEqual([asked?.temperature, asked?.topP, asked?.stop], [0.5, 0.9, ['END']]);
  assert.equal(asked?.effort, 'max');
  assert.deepEqual(asked?.outputFormat, { type: 'json-schema', name: 'answer', schema });
});

test('each way to ask for thinking becomes an effort', async () => {
  const effortOf = async (thinking: object) => {
    await ada.ask('POST', '/v1/messages', { ...hello, thinking });
    return rig.peers.asked.at(-1)?.effort;
  };
  assert.equal(await effortOf({ type: 'disabled' }), 'none');
  assert.equal(await effortOf({ type: 'adaptive' }), 'high');
  assert.equal(await effortOf({ type: 'enabled', budget_tokens: 2_000 }), 'low');
  assert.equal(await effortOf({ type: 'enabled', budget_tokens: 8_000 }), 'medium');
  assert.equal(await effortOf({ type: 'enabled', budget_tokens: 31_999 }), 'high');
});

test('documents come in base64 or as text, and nothing is fetched for anybody', async () => {
  const document = (source: object, title?: string) => ({
    ...hello,
    messages: [{ role: 'user', content: [{ type: 'document', source, title }] }],
  });
  const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBERg==' };
  await ada.ask('POST', '/v1/messages', document(pdf, 'a.pdf'));
  const contentOf = () => {
    const turn = rig.peers.asked.at(-1)?.turns[0];
    return turn?.role === 'user' ? turn.content : [];
  };
  assert.deepEqual(contentOf(), [
    { type: 'file', mediaType: 'application/pdf', base64: 'JVBERg==', name: 'a.pdf' },
  ]);
  const text = { type: 'text', media_type: 'text/plain', data: 'größer' };
  await ada.ask('POST', '/v1/messages', document(text));
  assert.deepEqual(contentOf(), [
    {
      type: 'file',
      mediaType: 'text/plain',
      base64: Buffer.from('größer').toString('base64'),
      name: 'document',
    },
  ]);
  const address = document({ type: 'url', url: 'https://example.org/a.pdf' });
  assert.equal((await ada.ask('POST', '/v1/messages', address)).status, 400);
});
