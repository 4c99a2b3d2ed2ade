import assert from 'node:assert/strict';
import type { ProviderName } from '@mosaic/proto';
import { between, type Json, list, object, texts, wellFormed } from './read-json.ts';
import { assertAnthropicTakes } from './rules-anthropic.ts';

const idPattern = /^[a-zA-Z0-9_-]+$/;
const namePattern = /^[a-zA-Z0-9_-]{1,64}$/;

/** What each vendor refuses, after its documentation; written without our own code. */
export const assertTakes: Readonly<Record<ProviderName, (body: Json, json: string) => void>> = {
  anthropic: assertAnthropicTakes,
  openai: assertOpenAiTakes,
  openrouter(body, json) {
    assertChatTakes(body, json);
    between(body['temperature'], [0, 2]);
    assert.ok(texts(body['stop']).length <= 4);
    assert.ok(String(body['session_id'] ?? '').length <= 256);
    assert.ok(json.split('"cache_control"').length - 1 <= 4, 'at most four marks');
    between(body['max_tokens'], [16, Number.POSITIVE_INFINITY]);
  },
  zai(body, json) {
    assertChatTakes(body, json);
    between(body['temperature'], [0, 1]);
    between(body['top_p'], [0.01, 1]);
    assert.ok(texts(body['stop']).length <= 1);
    assert.ok(['auto', undefined].includes(body['tool_choice'] as string | undefined));
    const refused = ['seed', 'presence_penalty', 'frequency_penalty', 'parallel_tool_calls'];
    for (const name of [...refused, 'max_completion_tokens']) assert.ok(!(name in body), name);
    const format = Object(body['response_format'] ?? {}).type;
    assert.ok(format === undefined || format === 'json_object');
    assert.equal(Object(body['stream_options']).include_usage, true);
    assertZaiThinking(body);
  },
  ollama: assertOllamaTakes,
};

function assertOpenAiTakes(body: Json, json: string): void {
  wellFormed(json);
  const items = list(body['input']).map(object);
  const calls = new Set<string>();
  let open: string[] = [];
  items.forEach((item, index) => {
    if (item['type'] === 'function_call') {
      const id = String(item['call_id']);
      assert.match(id, idPattern);
      assert.ok(id.length <= 64 && !calls.has(id), 'a call id of its own');
      assert.match(String(item['name']), namePattern);
      JSON.parse(String(item['arguments']));
      calls.add(id);
      open.push(id);
    } else if (item['type'] === 'function_call_output') {
      assert.ok(open.includes(String(item['call_id'])), 'an output for a call before it');
      open = open.filter((id) => id !== item['call_id']);
    } else if (item['type'] === 'reasoning') {
      assert.ok(item['encrypted_content'], 'no reasoning without its seal');
      const next = items[index + 1];
      const role = next?.['role'] ?? 'assistant';
      assert.ok(next && role === 'assistant', 'reasoning is followed by what it led to');
    } else {
      if (item['role'] !== 'assistant') assert.deepEqual(open, [], 'outputs before the next words');
      assertWords(item['content']);
    }
  });
  assert.deepEqual(open, [], 'every call has its output');
  assertTools(body, (tool) => tool);
  assertJsonIsNamed(Object(body['text'] ?? {}).format, JSON.stringify(body['input']));
  between(body['max_output_tokens'], [16, Number.POSITIVE_INFINITY]);
  between(body['temperature'], [0, 2]);
  assert.ok(String(body['prompt_cache_key'] ?? '').length <= 64);
  assert.notEqual(String(body['instructions'] ?? 'none').trim(), '');
  const effort = Object(body['reasoning'] ?? {}).effort;
  assert.ok(openAiEfforts(String(body['model'])).includes(effort ?? 'high'), `effort ${effort}`);
  const samples = 'temperature' in body || 'top_p' in body;
  if (samples && body['model'] !== 'unknown-model') assert.equal(effort, 'none');
  for (const name of ['stop', 'seed', 'presence_penalty']) assert.ok(!(name in body), name);
}

/** What the pages of the models list; `high` is in every list. */
function openAiEfforts(model: string): readonly string[] {
  if (model.includes('-pro')) return ['medium', 'high', 'xhigh'];
  if (model.includes('-codex')) return ['low', 'medium', 'high', 'xhigh'];
  if (model.startsWith('gpt-5.1')) return ['none', 'low', 'medium', 'high'];
  if (model.startsWith('gpt-6.2')) return ['low', 'medium', 'high', 'xhigh', 'max'];
  const last = /^gpt-(5\.6|6)/.test(model) ? ['max'] : [];
  return ['none', 'low', 'medium', 'high', 'xhigh', ...last];
}

/** `reasoning_effort` is of GLM-5.2 and later; since GLM-5.3 thinking can't be disabled. */
function assertZaiThinking(body: Json): void {
  const model = String(body['model']);
  const thinking = Object(body['thinking'] ?? {}).type;
  const effort = body['reasoning_effort'];
  if (effort !== undefined) {
    assert.equal(thinking, 'enabled');
    const names = model.startsWith('glm-5.3') ? ['low', 'high', 'max'] : ['high', 'max'];
    assert.ok(/^glm-5\.[23]/.test(model) && names.includes(String(effort)), `effort ${effort}`);
  }
  if (model.startsWith('glm-5.3')) assert.notEqual(thinking, 'disabled');
}

function assertChatTakes(body: Json, json: string): void {
  wellFormed(json);
  const messages = list(body['messages']).map(object);
  const seen = new Set<string>();
  let open: string[] = [];
  for (const message of messages) {
    if (message['role'] === 'tool') {
      const id = String(message['tool_call_id']);
      assert.ok(open.includes(id), 'a result for a call right before it');
      open = open.filter((one) => one !== id);
      assertWords(message['content']);
      continue;
    }
    assert.deepEqual(open, [], 'every call has its result right behind it');
    const calls = list(message['tool_calls'] ?? []).map(object);
    open = calls.map((call) => String(call['id']));
    for (const call of calls) {
      const id = String(call['id']);
      assert.match(id, idPattern);
      assert.ok(id.length <= 40 && !seen.has(id), 'a call id of its own');
      seen.add(id);
      const { arguments: written, name } = object(call['function']);
      assert.match(String(name), namePattern);
      JSON.parse(String(written));
    }
    if (message['role'] === 'assistant' && calls.length > 0 && message['content'] === null)
      continue;
    assertWords(message['content']);
  }
  assert.deepEqual(open, [], 'no call is left open');
  assertUserSpeaks(messages);
  assertTools(body, (tool) => object(tool['function']));
  assertJsonIsNamed(body['response_format'], JSON.stringify(body['messages']));
}

function assertOllamaTakes(body: Json, json: string): void {
  wellFormed(json);
  const messages = list(body['messages']).map(object);
  let open: unknown[] = [];
  for (const message of messages) {
    if (message['role'] === 'tool') {
      assert.equal(message['tool_name'], open.shift(), 'results in the order of the calls');
      continue;
    }
    assert.deepEqual(open, [], 'every call has its result right behind it');
    open = list(message['tool_calls'] ?? []).map(
      (call) => object(object(call)['function'])['name'],
    );
    const hasMore = open.length > 0 || texts(message['images']).length > 0;
    if (!hasMore) assertWords(message['content']);
  }
  assert.deepEqual(open, []);
  assertUserSpeaks(messages);
  const { num_ctx: context, ...options } = object(body['options']);
  assert.equal(context, 16_384, 'the context is always set and always the same');
  between(options['temperature'], [0, 2]);
  assert.ok(!('tool_choice' in body));
}

function assertUserSpeaks(messages: readonly Json[]): void {
  const spoken = messages.filter((message) => message['role'] !== 'system');
  assert.equal(spoken[0]?.['role'], 'user', 'the user begins');
  assert.notEqual(spoken.at(-1)?.['role'], 'assistant', 'nobody has to go on with own words');
}

/** Text, or parts of which every text says something. */
function assertWords(content: unknown): void {
  if (typeof content === 'string') {
    assert.notEqual(content.trim(), '', 'no blank message');
    return;
  }
  const parts = list(content).map(object);
  assert.ok(parts.length > 0, 'no empty message');
  for (const part of parts) {
    if ('text' in part) assert.notEqual(String(part['text']).trim(), '', 'no blank part');
  }
}

function assertTools(body: Json, functionOf: (tool: Json) => Json): void {
  const tools = list(body['tools'] ?? []).map((tool) => functionOf(object(tool)));
  const names = tools.map((tool) => String(tool['name']));
  assert.equal(new Set(names).size, names.length, 'names are unique');
  for (const { name, parameters } of tools) {
    assert.match(String(name), namePattern);
    const schema = object(parameters);
    assert.equal(schema['type'], 'object');
    assert.ok('properties' in schema, 'an object schema has properties');
    for (const word of ['anyOf', 'oneOf', 'allOf']) assert.ok(!(word in schema), word);
  }
  const choice = body['tool_choice'];
  if (choice !== undefined) assert.ok(names.length > 0, 'a choice wants tools');
  if (typeof choice !== 'object' || choice === null) return;
  const named = 'function' in choice ? object(choice.function)['name'] : object(choice)['name'];
  assert.ok(names.includes(String(named)), 'the tool is there');
}

/** The JSON mode is refused when no message has the word; a strict schema must be closed. */
function assertJsonIsNamed(format: unknown, messages: string): void {
  if (format === undefined) return;
  const { json_schema: inner, type, ...flat } = object(format);
  if (type === 'json_object') assert.match(messages, /json/i);
  const { schema, strict } = inner === undefined ? flat : object(inner);
  if (strict !== true) return;
  const { additionalProperties, properties, required, type: root } = object(schema);
  assert.equal(root, 'object');
  assert.equal(additionalProperties, false);
  assert.deepEqual([...texts(required)].sort(), Object.keys(Object(properties)).sort());
}
