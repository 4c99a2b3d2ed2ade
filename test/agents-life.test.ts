import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launchMosaic, type RunningMosaic, waitFor } from '@mosaic/test-kit';
import { owner, type Person, signUp } from './person.ts';

let mosaic: RunningMosaic;
let me: Person;
before(async () => {
  mosaic = await launchMosaic();
  me = owner(mosaic);
});
after(() => mosaic.stop());

interface Asked {
  readonly system?: unknown;
  readonly tools?: readonly { readonly name: string }[];
}

/** What the vendor was asked last with a message that begins so; titles wrap it in other words. */
function askedOf(words: string): Asked {
  const begins = new RegExp(`"(?:text|content)":"${words}`);
  const entry = mosaic.vendors.journal.findLast((one) => begins.test(JSON.stringify(one.body)));
  return (entry?.body ?? {}) as Asked;
}

const toolsOf = (asked: Asked) => (asked.tools ?? []).map(({ name }) => name).sort();

test('an agent is made, read, changed and removed over the API, by its owner alone', async () => {
  const made = await me.request('POST', '/api/agents', {
    name: 'poet',
    description: 'Rhymes. 詩人',
    systemPrompt: 'You rhyme.',
    model: 'claude-opus-4-6',
    temperature: 0.4,
  });
  assert.deepEqual([made.status, made.body.agent.id, made.body.agent.scope], [201, 'poet', 'user']);
  assert.equal(made.headers.get('etag'), '"1"');
  const changed = await me.request('PATCH', '/api/agents/poet', { version: 1, temperature: 0.6 });
  assert.deepEqual([changed.status, changed.body.agent.temperature], [200, 0.6]);
  assert.equal(changed.body.agent.systemPrompt, 'You rhyme.');
  const stale = await me.request('PATCH', '/api/agents/poet', { version: 1, description: 'x' });
  assert.deepEqual([stale.status, stale.body.error.code], [409, 'conflict']);

  const eve = await signUp(mosaic, 'eve');
  const list = (await eve.request('GET', '/api/agents')).body.agents;
  assert.deepEqual(
    list.map((agent: { name: string }) => agent.name),
    ['assistant', 'coding-agent', 'researcher', 'summarizer'],
  );
  for (const [method, body] of [
    ['GET', undefined],
    ['PATCH', { description: 'mine' }],
    ['DELETE', undefined],
  ] as const) {
    assert.equal((await eve.request(method, '/api/agents/poet', body)).status, 404, method);
  }
  assert.equal((await me.request('PATCH', '/api/agents/assistant', { tools: [] })).status, 403);
  assert.equal((await me.request('DELETE', '/api/agents/poet')).status, 204);
  assert.equal((await me.request('GET', '/api/agents/poet')).status, 404);
});

test('wrong input is refused with what is wrong', async () => {
  for (const [body, about] of [
    [{ name: 'No Spaces' }, /name/],
    [{ name: 'x', temprature: 1 }, /temprature/],
    [{ name: 'x', temperature: 9 }, /temperature/],
    [{ name: 'x', model: 'claude-opus-9-9' }, /Did you mean/],
    [{ name: 'x', limits: { steps: 0 } }, /steps/],
    [{ name: 'x', systemPrompt: 'x'.repeat(100_001) }, /systemPrompt/],
    [{}, /name/],
  ] as const) {
    const { status, body: answer } = await me.request('POST', '/api/agents', body);
    assert.equal(status, 400, JSON.stringify(body).slice(0, 80));
    assert.match(JSON.stringify(answer.error), about);
  }
});

test('switching the agent in mid-conversation changes prompt and tools from the next message, in every client', async () => {
  await me.request('POST', '/api/agents', {
    name: 'clockmaker',
    systemPrompt: 'You love clocks. 時計',
    tools: [{ tool: 'current_time', policy: 'allow' }],
  });
  const id = await me.open();
  const [first, second] = await Promise.all([me.socket(), me.socket()]);
  for (const socket of [first, second]) {
    socket.send({ type: 'subscribe', conversationId: id, after: 0 });
    await socket.until((frame) => frame.type === 'live');
  }
  await me.say(id, 'The first question, friend', { model: 'claude-haiku-4-5' });
  const before = askedOf('The first question');
  assert.doesNotMatch(JSON.stringify(before.system), /clocks/);
  assert.ok(toolsOf(before).includes('search_conversations'));

  await me.request('PATCH', `/api/conversations/${id}`, { agent: 'clockmaker' });
  await me.request('PATCH', `/api/conversations/${id}`, { model: 'claude-haiku-4-5' });
  await me.say(id, 'The second question, friend');
  const now = askedOf('The second question');
  assert.match(JSON.stringify(now.system), /You love clocks. 時計/);
  assert.deepEqual(toolsOf(now), ['current_time', 'read_result']);

  await me.request('PATCH', '/api/agents/clockmaker', {
    systemPrompt: 'You hate clocks.',
    tools: [],
  });
  await me.say(id, 'The third question, friend');
  const last = askedOf('The third question');
  assert.match(JSON.stringify(last.system), /You hate clocks/);
  assert.deepEqual(toolsOf(last), []);

  for (const socket of [first, second]) {
    await waitFor(() => socket.view(id).messages.length === 6);
    const types = socket.frames.flatMap((one) => (one.type === 'event' ? [one.event.type] : []));
    assert.ok(types.includes('conversation.agent-changed'));
    assert.ok(types.includes('conversation.model-pinned'));
    assert.deepEqual(
      [socket.view(id).agent, socket.view(id).model],
      ['clockmaker', 'claude-haiku-4-5'],
    );
    await socket.close();
  }
});

test('standing choices hold below what the conversation says, and the log says who said it', async () => {
  const put = (key: string, value: unknown) =>
    me.request('PUT', `/api/preferences/${key}`, { value });
  const model = (await put('turn.model', 'glm-5')).body;
  assert.deepEqual([model.value, model.scope, model.isMutable], ['glm-5', 'user', true]);
  assert.equal((await put('turn.temperature', 0.8)).status, 200);
  const slip = await put('turn.model', 'glm-55');
  assert.match(JSON.stringify([slip.status, slip.body]), /^\[400,.*Did you mean/);
  assert.match(JSON.stringify((await put('turn.temperature', 9)).body), /value: .*<=2/);
  const everybody = await me.request('PUT', '/api/admin/preferences/turn.model', {
    value: 'glm-5',
  });
  assert.match(JSON.stringify([everybody.status, everybody.body]), /^\[400,.*rules/);
  const id = await me.open();
  const answer = await me.say(id, 'Who wrote Moby Dick?');
  assert.deepEqual([answer.model, answer.rule], ['glm-5', 'preference']);
  assert.match(answer.reason, /your standing choice/);
  await me.request('PATCH', `/api/conversations/${id}`, { temperature: 0.1 });
  await me.say(id, 'And who wrote Emma?');
  const { events } = (await me.request('GET', `/api/conversations/${id}/export`)).body;
  const routed = events.filter((event: { type: string }) => event.type === 'turn.routed');
  assert.deepEqual(
    routed.map((event: { settings: object }) => event.settings),
    [
      { model: { value: 'glm-5', from: 'user' }, temperature: { value: 0.8, from: 'user' } },
      {
        model: { value: 'glm-5', from: 'user' },
        temperature: { value: 0.1, from: 'conversation' },
      },
    ],
  );
  await put('turn.temperature', null);
  assert.equal((await put('turn.model', 'auto')).body.value, null);
  assert.equal((await me.say(id, 'Who wrote Faust?')).model, 'claude-haiku-4-5');
});

test('what was said and saved in one conversation is recalled in another’s request, as data in the marked block', async () => {
  const first = await me.open();
  await me.say(first, 'Remember that my boat Ondine lies in Skagen. 我的船叫水精灵。');
  const second = await me.open();
  const question = 'Where does my boat Ondine lie?';
  await me.say(second, question);
  const sent = mosaic.vendors.journal
    .map(({ body }) => JSON.stringify(body))
    .findLast((body) => body.includes(question) && body.includes('mosaic-memory'));
  assert.ok(sent !== undefined, 'the vendor got the question with a block');
  const [, mark = ''] = /<mosaic-memory mark=\\"([^\\]+)\\">/.exec(sent) ?? [];
  const block = sent.slice(sent.indexOf('<mosaic-memory'), sent.indexOf('</mosaic-memory'));
  assert.ok(mark.length > 8 && sent.includes(`</mosaic-memory mark=\\"${mark}\\">`));
  assert.match(block, /\\"type\\":\\"recalled\\"[^\n]*my boat Ondine lies in Skagen/);
  assert.ok(!block.includes(question), 'the question itself is the person’s turn');
  const outside = sent.replace(block, '');
  assert.ok(outside.includes(question) && !outside.includes('lies in Skagen'));

  const eve = await signUp(mosaic, 'eve-too');
  const foreign = 'Where does the boat Ondine lie, please?';
  await eve.say(await eve.open(), foreign);
  const asked = JSON.stringify(askedOf(foreign.replace('?', '')));
  assert.ok(asked.includes(foreign) && !asked.includes('Skagen'), 'nobody else is told');
  const hidden = await me.open({ isIncognito: true });
  const alone = 'Where is it that Ondine lies?';
  await me.say(hidden, alone);
  const bare = JSON.stringify(askedOf(alone.replace('?', '')));
  assert.ok(bare.includes(alone) && !bare.includes('Skagen'), 'nothing is recalled incognito');
});

test('the metrics of a conversation are the sums of its answers', async () => {
  const id = await me.open();
  const answers = [
    await me.say(id, 'What is the capital of Chile?'),
    await me.say(id, 'And of Peru?', { model: 'gpt-5.4' }),
    await me.say(id, 'And of Cuba?', { model: 'gpt-5.4' }),
  ];
  const { body } = await me.request('GET', `/api/conversations/${id}/metrics`);
  assert.deepEqual([body.messages, body.answers.completed, body.modelSwitches], [3, 3, 1]);
  assert.deepEqual(
    body.models.map((one: { answers: number }) => one.answers),
    [1, 2],
  );
  const sum = (part: string) => answers.reduce((total, one) => total + one.usage[part], 0);
  assert.equal(body.tokens.output, sum('outputTokens'));
  assert.equal(body.tokens.cached, sum('cacheReadTokens'));
  assert.ok(Math.abs(body.costUsd - answers.reduce((total, one) => total + one.costUsd, 0)) < 1e-9);
  const eve = await signUp(mosaic, 'eva');
  assert.equal((await eve.request('GET', `/api/conversations/${id}/metrics`)).status, 404);
});

const main = join(import.meta.dirname, '../deploy/local/src/main.ts');

const agents = (args: readonly string[], input?: string) => command('agents', args, input);

function command(name: string, args: readonly string[], input?: string) {
  const env = { PATH: process.env['PATH'], MOSAIC_DATA_DIR: mosaic.dataDir };
  const options = { env, encoding: 'utf8' as const, timeout: 120_000 };
  const given = input === undefined ? options : { ...options, input };
  return spawnSync(process.execPath, [main, name, ...args], given);
}

test('the command lists tools with policy, source and what works, for one’s own agents alone', async () => {
  const tools = (...args: string[]) => command('tools', args);
  const tool = { tool: 'shell', policy: 'ask', when: [{ argument: 'command', matches: 'git .*' }] };
  await me.request('POST', '/api/agents', { name: 'gitter', systemPrompt: 'Git.', tools: [tool] });
  const eve = await signUp(mosaic, 'ewe');
  const { body, status: refused } = await eve.request('GET', '/api/tools?agent=gitter');
  assert.deepEqual([refused, body.error.code], [400, 'unknown_agent']);
  const { status, stdout, stderr } = tools('--agent', 'gitter');
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^Tools of gitter:\nNAME +POLICY +SOURCE +NOW +WHAT$/m);
  assert.match(
    stdout,
    /^shell +deny, except +built in +no +Runs a shell command.*\n {4}ask where command matches "git \.\*"$/m,
  );
  assert.match(stdout, /^memory_search +not granted +built in +yes +Finds what the person said/m);
  assert.match(
    stdout,
    /^! shell: The shell is off\. The operator turns it on with MOSAIC_SHELL=1/m,
  );
  assert.equal(JSON.parse(tools('--json').stdout).agent, 'assistant');
  assert.match(tools('--agent', 'giter').stderr, /Did you mean "gitter"\?.*\[unknown_agent\]/);
});

test('the command makes, shows, changes and removes agents, and says what is wrong', () => {
  assert.match(agents([]).stdout, /^coding-agent +system +auto +\d+ +Writes, reads/m);
  const made = agents([
    'new',
    'scribe',
    '--from',
    'coding-agent',
    '--prompt',
    'You write. 書',
    '--tool',
    'write_file=ask',
  ]);
  assert.match(made.stdout, /The agent "scribe" is made \(version 1\)/, made.stderr);
  const shown = agents(['show', 'scribe']).stdout;
  assert.match(shown, /^tools +write_file: ask$/m);
  assert.match(shown, /^You write. 書$/m);
  const piped = agents(['edit', 'scribe', '-', '--memory', 'off'], '{"effort": "high"}');
  assert.match(piped.stdout, /is changed \(version 2\)/, piped.stderr);
  const { agent } = JSON.parse(agents(['show', 'scribe', '--json']).stdout);
  assert.deepEqual([agent.effort, agent.memory], ['high', false]);
  assert.match(agents(['show', 'scrib']).stderr, /Did you mean "scribe"\?/);
  assert.match(agents(['edit', 'assistant', '--prompt', 'x']).stderr, /comes with Mosaic/);
  assert.match(agents(['shwo']).stderr, /Did you mean "show"\?/);
  assert.match(agents(['edit', 'scribe', '--temperature', 'warm']).stderr, /takes a number/);
  assert.equal(agents(['remove', 'scribe']).status, 0);
  assert.doesNotMatch(agents([]).stdout, /scribe/);
});

test('the command shows, sets and unsets what one prefers, and says whose it is', () => {
  const prefer = (...args: string[]) => command('preferences', args);
  assert.match(prefer().stdout, /^turn\.effort +– +from the start$/m);
  assert.match(prefer('set', 'turn.effort', 'low').stdout, /^turn\.effort is low \(yours\)\.$/m);
  assert.match(prefer('set', 'turn.effort', 'lots').stderr, /value: /);
  const judge = '{"model": "claude-haiku-4-5"}';
  assert.match(prefer('set', 'routing.judge', judge, '--json').stdout, /"claude-haiku-4-5"/);
  assert.match(prefer('unset', 'routing.judge').stdout, /is off \(from the start\)/);
  assert.match(prefer('unset', 'turn.effort').stdout, /turn\.effort is not set/);
  assert.match(prefer('sett').stderr, /Did you mean "set"\?/);
});
