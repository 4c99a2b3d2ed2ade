import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launchMosaic, type RunningMosaic } from '@mosaic/test-kit';

const main = join(import.meta.dirname, '../src/main.ts');
let mosaic: RunningMosaic;
before(async () => {
  mosaic = await launchMosaic({ env: { MOSAIC_DEMO: '1' } });
});
after(() => mosaic.stop());

function rules(args: readonly string[], input?: unknown) {
  const env = { PATH: process.env['PATH'], MOSAIC_DATA_DIR: mosaic.dataDir };
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  const result = spawnSync(process.execPath, [main, 'rules', ...args], {
    env,
    encoding: 'utf8',
    timeout: 120_000,
    ...(input === undefined ? {} : { input: text }),
  });
  assert.doesNotMatch(result.stderr, /\n\s+at /, 'no stack');
  return result;
}

const whoWrote = 'Who wrote Moby Dick?';
const mine = {
  name: 'facts-to-gpt',
  priority: 1,
  when: { any: [{ field: 'taskType', op: 'is', value: 'simple_qa' }] },
  then: { model: 'gpt-5.4', fallbacks: ['glm-5'] },
};

test('lists the rules in the order in which they are asked, conditions in words', () => {
  const { stdout } = rules([]);
  assert.match(stdout, /^PRIORITY +NAME +SCOPE +ENABLED +WHEN +THEN$/m);
  assert.match(
    stdout,
    /^200 +code-complex +system +yes +taskType in coding and complexity is complex +anthropic\/claude-opus-4-6/m,
  );
  const { rules: listed, source } = JSON.parse(rules(['list', '--json']).stdout);
  assert.equal(source, 'database');
  assert.ok(listed.every((rule: { id: string }) => rule.id));
});

test('explains rule, reason and what was passed by', () => {
  const { stdout } = rules(['explain', whoWrote]);
  assert.match(stdout, /^model +anthropic\/claude-haiku-4-5$/m);
  assert.match(stdout, /^looked at +code-complex: no, taskType in coding \(it is simple_qa\)$/m);
  assert.match(stdout, /^looked at +simple: matched$/m);
  const { decision } = JSON.parse(rules(['explain', whoWrote, '--json']).stdout);
  assert.equal(decision.rule, 'simple');
});

test('replays one’s own messages by rules that are not saved', () => {
  const env = { PATH: process.env['PATH'], MOSAIC_DATA_DIR: mosaic.dataDir };
  const asked = spawnSync(process.execPath, [main, 'ask', whoWrote], { env, encoding: 'utf8' });
  assert.equal(asked.status, 0, asked.stderr);
  const { status, stderr, stdout } = rules(['replay', '-'], mine);
  assert.equal(status, 0, stderr);
  assert.match(
    stdout,
    /^Who wrote Moby Dick\? +anthropic\/claude-haiku-4-5 +openai\/gpt-5\.4 +facts-to-gpt +\+\$/m,
  );
  assert.match(stdout, /^1 of 1 messages move: \+\$/m);
  assert.equal(JSON.parse(rules(['explain', whoWrote, '--json']).stdout).rule, 'simple');
});

test('adds, changes and removes a rule, which decides in between', () => {
  const added = rules(['add', '-'], mine);
  assert.match(added.stdout, /"facts-to-gpt" is added \(version 1\)/, added.stderr);
  const route = () => JSON.parse(rules(['explain', whoWrote, '--json']).stdout).model;
  assert.equal(route(), 'gpt-5.4');
  assert.match(rules(['edit', 'facts-to-gpt', '--disable']).stdout, /\(version 2\)/);
  assert.equal(route(), 'claude-haiku-4-5');
  const wrong = rules(['edit', 'facts-to-gp', '--enable']);
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /Did you mean "facts-to-gpt"\?.*\[not_found\]/);
  const changed = { then: { model: 'glm-5' } };
  assert.equal(rules(['edit', 'facts-to-gpt', '-', '--enable'], changed).status, 0);
  assert.equal(route(), 'glm-5');
  assert.equal(rules(['remove', 'facts-to-gpt']).status, 0);
  assert.equal(route(), 'claude-haiku-4-5');
});

test('a rule that can not be read is refused with every problem and what was meant', () => {
  const { status, stderr } = rules(['add', '-'], {
    ...mine,
    prioritty: 2,
    when: [{ field: 'taskType', op: 'is', value: 'codding' }],
  });
  assert.equal(status, 1);
  assert.match(stderr, /prioritty: .*Did you mean "priority"\?/);
  assert.match(stderr, /when\.0\.value: .*Did you mean "coding"\?/);
});

test('lint judges a file without saving it, and says by its exit code whether it could be saved', () => {
  const good = rules(['lint', '-'], mine);
  assert.equal(good.status, 0, good.stdout);
  const bad = rules(['lint', '-'], { ...mine, then: { tier: 'chaep' } });
  assert.equal(bad.status, 1);
  assert.match(
    bad.stdout,
    /^error: "facts-to-gpt" names the tier "chaep".*Did you mean "cheap"\?/m,
  );
  assert.equal(rules(['lint']).status, 0);
});

test('test runs labelled prompts: exit code 0 when all go where expected, 1 and a table when not', () => {
  const file = join(mosaic.dataDir, 'prompts.jsonl');
  const right = { text: whoWrote, expect: { model: 'claude-haiku-4-5', task: 'simple_qa' } };
  const wrong = { text: 'Hello, friend!', expect: { rule: 'code-complex' } };
  writeFileSync(file, `${JSON.stringify(right)}\n\n`);
  const passing = rules(['test', file]);
  assert.equal(passing.status, 0, passing.stderr);
  assert.match(passing.stdout, /1 of 1 go where expected/);
  writeFileSync(file, `${JSON.stringify(right)}\n${JSON.stringify(wrong)}\n`);
  const failing = rules(['test', file]);
  assert.equal(failing.status, 1);
  assert.match(failing.stdout, /^✖ +Hello, friend! +code-complex +conversation$/m);
  const { failed, outcomes } = JSON.parse(rules(['test', file, '--json']).stdout);
  assert.deepEqual([failed, outcomes[1].seen.rule], [1, 'conversation']);
  writeFileSync(file, JSON.stringify([{ text: 'x', expect: { modell: 'y' } }]));
  assert.match(rules(['test', file]).stderr, /Prompt 1: .*modell/);
});

test('decides a stored turn again from its record, and learns from it only when told to', async () => {
  const ask = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${mosaic.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${mosaic.ownerToken}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return await response.json();
  };
  const conversationId = crypto.randomUUID();
  const messageId = crypto.randomUUID();
  await ask('POST', '/api/conversations', { id: conversationId });
  const text = 'See to the other matter in the usual way';
  await ask('POST', `/api/conversations/${conversationId}/messages?wait=1`, { messageId, text });
  const given = { conversationId, messageId, kind: 'task', task: 'data_analysis' };
  await ask('POST', '/api/routing/feedback', given);
  const again = rules(['replay', '--turn', conversationId, messageId]);
  assert.equal(again.status, 0, again.stderr);
  assert.match(again.stdout, /^The same record came out again, byte for byte: /);
  const [id = ''] = rules(['suggestions']).stdout.split('\n');
  assert.match(id, /^exemplar-/);
  assert.match(rules(['accept', id]).stdout, /taken as data_analysis now/);
  assert.match(rules(['explain', text]).stdout, /^task +data_analysis/m);
});

test('a part that is not there names the nearest', () => {
  const { status, stderr } = rules(['expalin', 'x']);
  assert.equal(status, 1);
  assert.match(stderr, /Did you mean "explain"\?/);
});
