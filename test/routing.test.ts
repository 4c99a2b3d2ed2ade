import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launchMosaic, type RunningMosaic, waitFor } from '@mosaic/test-kit';
import { openPty } from '@mosaic/test-kit/pty';
import { owner, type Person, signUp } from './person.ts';

const launcher = join(import.meta.dirname, '..', 'deploy/local/src/main.ts');

let mosaic: RunningMosaic;
let me: Person;
before(async () => {
  mosaic = await launchMosaic();
  me = owner(mosaic);
});
after(() => mosaic.stop());

/** What a person says, and who has to answer it by which rule. */
const cases: readonly (readonly [string, string, string])[] = [
  ['Debug this race condition in my Go worker pool', 'claude-opus-4-6', 'code-complex'],
  ['What is the capital of Australia?', 'claude-haiku-4-5', 'simple'],
  ['Summarize this article: The council met and agreed on a budget.', 'glm-5', 'summary'],
  [
    'Research the state of the art of solid state batteries and compare the approaches.',
    'gpt-5.4',
    'research',
  ],
  ['How do I reverse a string in Python? A simple one-liner please.', 'gpt-5.4', 'code-simple'],
  [
    'Implement a REST endpoint with pagination in TypeScript.',
    'claude-sonnet-4-6',
    'code-moderate',
  ],
  ['Hello! I had a long day and just want to talk a little.', 'claude-sonnet-4-6', 'conversation'],
];

test('within one conversation each message goes where its own words say', async () => {
  const id = await me.open();
  for (const [text, model, rule] of cases) {
    const answer = await me.say(id, text);
    assert.deepEqual([answer.status, answer.model, answer.rule], ['completed', model, rule], text);
    assert.ok(answer.reason.length <= 200 && answer.reason.includes(`Rule ${rule}.`));
  }
});

test('each of these turns is decided again from its stored record, byte for byte', async () => {
  const id = await me.open();
  for (const [text] of cases.slice(0, 3)) await me.say(id, text);
  const { messages } = (await me.request('GET', `/api/conversations/${id}/messages`)).body;
  const asked = messages.filter((one: { role: string }) => one.role === 'user');
  assert.equal(asked.length, 3);
  for (const { id: messageId } of asked) {
    const wish = { conversationId: id, messageId };
    const reply = await me.request('POST', '/api/routing/replay-turn', wish);
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    assert.deepEqual([reply.body.isSame, reply.body.differences], [true, []]);
    assert.equal(reply.body.profile, 'judged-again');
    const { expectedLatency, facts, inputs, modelFile, stagesUs } = reply.body.stored;
    assert.ok(inputs.cards.length > 0 && facts.length > 0 && modelFile !== '' && stagesUs);
    assert.ok(expectedLatency === null || expectedLatency.totalMs >= 0);
  }
});

test('a vendor that is unwell is passed over for the next one, and the reason says so', async () => {
  const [, , [text]] = cases as [unknown, unknown, readonly [string, string, string]];
  const fault = { kind: 'status', status: 500 } as const;
  mosaic.vendors.script({ vendor: 'zai', times: 30, fault });
  const id = await me.open();
  let answer = await me.say(id, text);
  assert.equal(answer.model, 'claude-haiku-4-5', 'while it fails the next one takes over');
  answer = await waitFor(
    async () => {
      const next = await me.say(await me.open(), text);
      return /Passed over glm-5/.test(next.reason) ? next : undefined;
    },
    { timeoutMs: 30_000 },
  );
  assert.equal(answer.model, 'claude-haiku-4-5');
  assert.match(
    answer.reason,
    /^Claude Haiku 4\.5: summarization .* Rule summary\. Passed over glm-5: /,
  );
  mosaic.vendors.clearScripts();
});

test('a rule that names an agent has the turn run as that agent', async () => {
  const rule = {
    name: 'riddles-to-the-researcher',
    when: [{ field: 'text', op: 'contains', value: 'riddle' }],
    then: { agent: 'researcher' },
  };
  assert.equal((await me.request('POST', '/api/routing/rules', rule)).status, 201);
  const id = await me.open();
  mosaic.vendors.clearJournal();
  const answer = await me.say(id, 'What is the answer to this riddle, friend?');
  assert.match(answer.reason, /Agent researcher\./);
  const asked = JSON.stringify(mosaic.vendors.journal.map(({ body }) => body));
  assert.match(asked, /You are a careful researcher/);
});

test('a correction teaches the one who made it, and nobody else', async () => {
  const ada = await signUp(mosaic, 'ada');
  const text = 'Make the thing we looked at yesterday a bit nicer';
  const id = await ada.open();
  const messageId = crypto.randomUUID();
  await ada.say(id, text, { messageId });
  const given = { conversationId: id, messageId, kind: 'task', task: 'coding' };
  const kept = await ada.request('POST', '/api/routing/feedback', given);
  assert.equal(kept.status, 201, JSON.stringify(kept.body));
  const [offer] = kept.body.suggestions;
  const accepted = await ada.request('POST', `/api/routing/suggestions/${offer.id}/accept`, {});
  assert.equal(accepted.status, 201, JSON.stringify(accepted.body));
  const explain = async (who: Person) =>
    (await who.request('POST', '/api/routing/explain', { text })).body;
  await waitFor(async () => (await explain(ada)).task === 'coding');
  assert.notEqual((await explain(me)).task, 'coding');
  assert.equal((await ada.request('GET', '/api/routing/feedback')).body.feedback.length, 1);
  assert.equal((await me.request('GET', '/api/routing/feedback')).body.feedback.length, 0);
});

test('in the terminal /route says what the last message was, and offers to learn from it', async () => {
  const terminal = openPty([process.execPath, launcher, 'tui'], {
    cols: 110,
    rows: 36,
    env: { MOSAIC_DATA_DIR: mosaic.dataDir },
  });
  const type = (text: string) => {
    terminal.type(text);
    terminal.press('enter');
  };
  await terminal.waitForText(/auto/, 15_000);
  type('Sort out that other matter for me please');
  await terminal.waitForText(/claude-.* · .*\$/, 15_000);
  type('/route codng');
  await terminal.waitForText('There is no task codng. Did you mean coding?', 15_000);
  type('/route coding');
  await terminal.waitForText('Kept: that was coding.', 15_000);
  await terminal.waitForText(/Take messages like “Sort out that other matter/, 15_000);
  terminal.press('enter');
  await terminal.waitForText('From now on such messages go there.', 15_000);
  const { exemplars } = (await me.request('GET', '/api/routing/exemplars')).body;
  assert.equal(exemplars[0].task, 'coding');
  type('/why');
  await terminal.waitForText('decided by', 15_000);
  type('/quit');
  assert.equal((await terminal.exit).exitCode, 0);
  await terminal.close();
});

test('offline, without any vendor, the local models answer', async () => {
  const env = {
    ANTHROPIC_API_KEY: '',
    OPENAI_API_KEY: '',
    OPENROUTER_API_KEY: '',
    ZAI_API_KEY: '',
  };
  await using offline = await launchMosaic({ env });
  const someone = owner(offline);
  const id = await someone.open();
  for (const [text] of cases.slice(0, 3)) {
    const answer = await someone.say(id, text);
    assert.deepEqual([answer.status, answer.provider], ['completed', 'ollama']);
    assert.match(answer.reason, /Passed over /);
  }
});
