import assert from 'node:assert/strict';
import { type Json, list, object, texts, wellFormed } from './read-json.ts';

const idPattern = /^[a-zA-Z0-9_-]{1,64}$/;
const namePattern = /^[a-zA-Z0-9_-]{1,128}$/;
const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** What the Messages API answers 400 to, after its documentation; written without our own code. */
export function assertAnthropicTakes(body: Json, json: string): void {
  wellFormed(json);
  const messages = list(body['messages']).map(object);
  assert.ok(messages.length > 0, 'somebody speaks');
  assert.equal(messages[0]?.['role'], 'user', 'the user begins');
  assert.equal(messages.at(-1)?.['role'], 'user', 'no prefill');
  messages.forEach((message, index) => {
    assert.equal(message['role'], index % 2 === 0 ? 'user' : 'assistant', 'roles alternate');
    const blocks = list(message['content']).map(object);
    assert.ok(blocks.length > 0, 'no empty message');
    for (const block of blocks) assertBlock(block, String(message['role']));
  });
  assertCallsAnswered(messages);
  assertTools(body, messages);
  assertThinking(body);
  assertFormat(Object(body['output_config'] ?? {}).format);
  assertMarks(body);
  for (const block of list(body['system'] ?? []).map(object)) assertBlock(block, 'system');
  for (const stop of texts(body['stop_sequences'])) assert.notEqual(stop.trim(), '');
  for (const gone of ['temperature', 'top_p', 'top_k']) assert.ok(!(gone in body), gone);
}

function assertBlock(block: Json, role: string): void {
  switch (block['type']) {
    case 'text':
      assert.notEqual(String(block['text']).trim(), '', 'no blank text');
      return;
    case 'thinking':
      assert.equal(role, 'assistant');
      assert.ok(block['signature'], 'no unsigned thinking');
      return;
    case 'tool_use':
      assert.equal(role, 'assistant');
      assert.match(String(block['id']), idPattern);
      assert.match(String(block['name']), namePattern);
      return;
    case 'tool_result':
      assert.equal(role, 'user');
      if (block['is_error']) assert.notEqual(block['content'], '', 'an error says something');
      return;
    case 'image':
      assert.equal(role, 'user');
      assert.ok(imageTypes.includes(String(object(block['source'])['media_type'])));
      return;
    case 'document': {
      assert.equal(role, 'user', 'documents of the user only');
      assert.notEqual(String(object(block['source'])['data']).trim(), '');
      return;
    }
    default:
      assert.equal(block['type'], 'redacted_thinking');
  }
}

/** Results stand first in the message behind their calls, one for each; ids are used once. */
function assertCallsAnswered(messages: readonly Json[]): void {
  const seen = new Set<string>();
  let open: string[] = [];
  for (const message of messages) {
    const blocks = list(message['content']).map(object);
    const answered = blocks.flatMap((block) =>
      block['type'] === 'tool_result' ? [String(block['tool_use_id'])] : [],
    );
    assert.deepEqual([...answered].sort(), [...open].sort(), 'each call has one result behind it');
    const lastResult = blocks.findLastIndex((block) => block['type'] === 'tool_result');
    assert.equal(lastResult + 1, answered.length, 'results come first');
    open = blocks.flatMap((block) => (block['type'] === 'tool_use' ? [String(block['id'])] : []));
    for (const id of open) {
      assert.ok(!seen.has(id), `the id ${id} is used once`);
      seen.add(id);
    }
  }
  assert.deepEqual(open, [], 'no call is left open');
}

function assertTools(body: Json, messages: readonly Json[]): void {
  const tools = list(body['tools'] ?? []).map(object);
  const names = tools.map((tool) => tool['name']);
  assert.equal(new Set(names).size, names.length, 'names are unique');
  for (const tool of tools) {
    const schema = object(tool['input_schema']);
    assert.equal(schema['type'], 'object');
    for (const word of ['anyOf', 'oneOf', 'allOf']) assert.ok(!(word in schema), word);
  }
  const blocks = messages.flatMap((message) => list(message['content']).map(object));
  const hasCalls = blocks.some((block) => block['type'] === 'tool_use');
  if (hasCalls) assert.ok(tools.length > 0, 'calls want their tools declared');
  const choice = body['tool_choice'] === undefined ? undefined : object(body['tool_choice']);
  if (choice) assert.ok(tools.length > 0, 'a choice wants tools');
  if (choice?.['type'] === 'tool') assert.ok(names.includes(choice['name']), 'the tool is there');
}

/** A schema with closed objects that never leads back to itself. */
function assertFormat(format: unknown): void {
  if (format === undefined) return;
  const root = object(object(format)['schema']);
  const walk = (value: unknown, path: readonly unknown[]): void => {
    assert.ok(!path.includes(value), 'no recursive schema');
    if (typeof value !== 'object' || value === null) return;
    const target = 'properties' in value ? object(value) : undefined;
    if (target) assert.equal(target['additionalProperties'], false, 'objects are closed');
    for (const [key, inner] of Object.entries(value)) {
      const name = key === '$ref' ? String(inner).replace('#/$defs/', '') : undefined;
      const next = name === undefined ? inner : Object(root['$defs'])[name];
      if (typeof next === 'object') walk(next, [...path, value]);
    }
  };
  walk(root, []);
}

/** Models that refuse `disabled` and forced calls, and those that think when `thinking` is left out. */
const alwaysThinks = /fable|(opus|sonnet)-5-5/;
const thinksUnasked = /fable|(opus|sonnet|haiku)-5/;

function assertThinking(body: Json): void {
  const maxTokens = Number(body['max_tokens']);
  assert.ok(maxTokens >= 1);
  const model = String(body['model']);
  const choice = Object(body['tool_choice'] ?? {})['type'];
  const isForced = choice === 'any' || choice === 'tool';
  if (isForced) assert.doesNotMatch(model, alwaysThinks, 'a model that can not be made to call');
  if (body['thinking'] === undefined) {
    assert.ok(!isForced || !thinksUnasked.test(model), 'a forced call of a model that thinks');
    return;
  }
  const thinking = object(body['thinking']);
  if (thinking['type'] === 'disabled') {
    assert.doesNotMatch(model, alwaysThinks, 'a model that always thinks');
    return;
  }
  assert.ok(!isForced, 'no thinking before a forced call');
  assert.equal(thinking['display'], 'summarized', 'people see what it thought');
  const effort = Object(body['output_config'] ?? {}).effort;
  if (thinking['type'] === 'adaptive') {
    assert.doesNotMatch(model, /-4-5$/, 'a model that wants a budget');
    const newer = model.endsWith('-4-6') ? [] : ['xhigh'];
    const own = thinksUnasked.test(model) ? [undefined] : [];
    const taken = ['low', 'medium', 'high', 'max', ...newer, ...own];
    assert.ok(taken.includes(effort), `effort ${effort}`);
    return;
  }
  assert.match(model, /-4-5$/, 'newer models refuse a budget');
  assert.equal(effort, undefined, 'a model with a budget has no effort');
  assert.ok(Number(thinking['budget_tokens']) >= 1_024);
  assert.ok(Number(thinking['budget_tokens']) < maxTokens, 'the budget is below the limit');
  assertLoopBegins(list(body['messages']).map(object));
}

/** With a budget a running tool loop must have begun with a thought. */
function assertLoopBegins(messages: readonly Json[]): void {
  const types = (message: Json | undefined) =>
    list(message?.['content'] ?? []).map((block) => object(block)['type']);
  const answers = (message: Json | undefined) => types(message).includes('tool_result');
  if (!answers(messages.at(-1))) return;
  const asked = messages.findLastIndex(
    (message) => message['role'] === 'user' && !answers(message),
  );
  const first = types(messages[asked + 1])[0];
  assert.ok(
    first === 'thinking' || first === 'redacted_thinking',
    'the loop begins with a thought',
  );
}

function assertMarks(body: Json): void {
  const places = [
    ...list(body['tools'] ?? []),
    ...list(body['system'] ?? []),
    ...list(body['messages']).flatMap((message) => list(object(message)['content'])),
  ].map(object);
  const marked = places.filter((place) => 'cache_control' in place);
  assert.ok(marked.length <= 4, 'at most four marks');
  for (const { type } of marked) assert.ok(type !== 'thinking' && type !== 'redacted_thinking');
}
