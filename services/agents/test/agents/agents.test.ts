import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startPglite } from '@mosaic/embedded-servers';
import {
  type AgentChanges,
  changeAgent,
  createAgent,
  getAgent,
  listAgents,
  listPreferences,
  listTools,
  MosaicError,
  type Preference,
  preferencesChanged,
  removeAgent,
  updateConversation,
} from '@mosaic/proto';
import { type Bus, openDatabase, type SignedCaller } from '@mosaic/service-kit';
import { type TemporaryDirectory, temporaryDirectory, waitFor } from '@mosaic/test-kit';
import { decision } from '@mosaic/test-kit/samples';
import type { AgentTables } from '../../src/stores/tables.ts';
import { say, startTurnRig, type TurnRig } from '../turn-rig.ts';

let rig: TurnRig;
let memory: Bus;
let directory: TemporaryDirectory;
let database: Awaited<ReturnType<typeof startPglite>>;
let replica: Awaited<ReturnType<TurnRig['startWorker']>>;
let mia: SignedCaller;
let eve: SignedCaller;

const startDatabase = (port: number) =>
  startPglite({ dataDir: join(directory.path, 'db'), dumps: false, port });

before(async () => {
  [rig, directory] = await Promise.all([startTurnRig(), temporaryDirectory()]);
  database = await startDatabase(0);
  memory = await rig.bus.connect('memory');
  memory.handle(listPreferences, async () => {
    if (memoryIsAway) throw new MosaicError('service_unavailable');
    return { preferences: settings };
  });
  mia = rig.caller;
  eve = rig.bus.person('eve');
  // Two replicas: what one saves the other must know.
  await rig.startWorker({ DATABASE_URL: database.url });
  replica = await rig.startWorker({ DATABASE_URL: database.url });
  await waitFor(async () => (await read(mia, 'assistant')).version !== undefined);
});
after(async () => {
  await rig.stop();
  await database.stop();
  await directory.remove();
});

let settings: Preference[] = [];
let memoryIsAway = false;

/** Memory keeps these settings of mia's from now on, and says so. */
async function setting(
  values: Record<string, Preference['value']>,
  more: Partial<Preference> = {},
): Promise<void> {
  settings = Object.entries(values).map(([key, value]) => ({
    key,
    value,
    scope: 'user',
    isMutable: true,
    updatedAt: null,
    ...more,
  }));
  for (const key of Object.keys(values)) {
    memory.publishLive(preferencesChanged, { userId: 'mia', key }, { tokens: {} });
  }
  await memory.flush();
}

async function read(caller: SignedCaller, name: string) {
  return (await rig.gateway.call(getAgent, { name }, { caller })).agent;
}

const make = (caller: SignedCaller, name: string, more: object = {}) =>
  rig.gateway.call(
    createAgent,
    { agent: { name, systemPrompt: 'You rhyme.', ...more } },
    { caller },
  );
const change = (caller: SignedCaller, name: string, wish: AgentChanges & { version?: number }) => {
  const { version, ...changes } = wish;
  const request = { name, changes, ...(version === undefined ? {} : { version }) };
  return rig.gateway.call(changeAgent, request, { caller });
};
const names = async (caller: SignedCaller) =>
  (await rig.gateway.call(listAgents, {}, { caller })).agents.map(({ name }) => name);

const answered = new Map<string, number>();

async function saySomething(conversation: string, text = 'Hello') {
  const answers = (answered.get(conversation) ?? 0) + 1;
  answered.set(conversation, answers);
  rig.answerWith(() => say('ok'));
  await rig.send(conversation, text);
  const events = await rig.until(conversation, 'turn.completed', answers);
  return { asked: rig.asked.at(-1), routed: events.findLast(({ type }) => type === 'turn.routed') };
}

test('everybody has the agents that come with Mosaic, and nobody changes or removes them', async () => {
  assert.deepEqual(await names(eve), ['assistant', 'coding-agent', 'researcher', 'summarizer']);
  for (const caller of [mia, rig.bus.person('root', 'admin')]) {
    await assert.rejects(change(caller, 'assistant', { systemPrompt: 'mine' }), {
      code: 'forbidden',
    });
    const wish = { name: 'researcher' };
    await assert.rejects(rig.gateway.call(removeAgent, wish, { caller }), { code: 'forbidden' });
    await assert.rejects(make(caller, 'assistant'), { code: 'conflict' });
  }
});

test('an agent of one’s own is seen, used, changed and removed by nobody else', async () => {
  await make(mia, 'poet', { description: 'Rhymes. 詩人', model: 'tier/cheap', memory: false });
  assert.ok((await names(mia)).includes('poet'));
  assert.equal((await names(eve)).includes('poet'), false);
  await assert.rejects(read(eve, 'poet'), { code: 'unknown_agent' });
  await assert.rejects(change(eve, 'poet', { systemPrompt: 'x' }), { code: 'not_found' });
  const wish = { name: 'poet' };
  await assert.rejects(rig.gateway.call(removeAgent, wish, { caller: eve }), { code: 'not_found' });
  const theirs = await make(eve, 'poet', { systemPrompt: 'Eve rhymes.' });
  assert.equal(theirs.agent.systemPrompt, 'Eve rhymes.');
  assert.equal((await read(mia, 'poet')).systemPrompt, 'You rhyme.');
});

test('which tools there are is told for one’s own agents alone, with what works now and why not', async () => {
  const when = [{ argument: 'command', matches: 'git .*' }];
  const tools = [
    { tool: 'shell', policy: 'allow' as const, when },
    { tool: 'memory_*', policy: 'ask' as const },
    { tool: 'web_fech', policy: 'allow' as const },
  ];
  await make(mia, 'gitter', { tools });
  const ask = (caller: SignedCaller, agent?: string) =>
    rig.gateway.call(listTools, agent === undefined ? {} : { agent }, { caller });
  await assert.rejects(ask(eve, 'gitter'), { code: 'unknown_agent' });
  assert.equal((await ask(eve)).agent, 'assistant');
  const listing = await ask(mia, 'gitter');
  const find = (name: string) => listing.tools.find((tool) => tool.name === name);
  const shell = find('shell');
  assert.deepEqual(
    [shell?.policy, shell?.exceptions, shell?.isAvailable, shell?.unavailableReason],
    ['deny', [{ policy: 'allow', when }], false, 'The shell is off.'],
  );
  assert.match(shell?.advice ?? '', /MOSAIC_SHELL=1/);
  const saving = find('memory_save');
  assert.deepEqual([saving?.policy, saving?.server, saving?.isAvailable], ['ask', null, true]);
  assert.deepEqual(
    [find('read_file')?.policy, find('read_file')?.isAvailable],
    ['not-granted', true],
  );
  assert.equal(find('read_result')?.policy, 'allow', 'it comes along');
  assert.deepEqual(listing.unmatched, [{ tool: 'web_fech', policy: 'allow' }]);
  assert.ok(listing.tools.every(({ summary }) => /^\S.{5,199}$/u.test(summary)));
  memoryIsAway = true;
  const later = (await ask(mia, 'gitter')).tools.filter(({ isAvailable }) => !isAvailable);
  memoryIsAway = false;
  const names = later
    .filter((one) => /^Memory/.test(one.unavailableReason ?? ''))
    .map((one) => one.name);
  assert.deepEqual(names, ['search_conversations', 'memory_search', 'memory_save']);
});

test('a condition that could never be judged is refused with its place, and nothing is saved', async () => {
  const tools = [
    { tool: 'web_fetch', policy: 'allow' as const, when: [{ argument: 'url', matches: '(a)\\1' }] },
  ];
  const refused = { code: 'bad_request', message: /tools\[0\]\.when\[0\]\.matches: .*backref/i };
  await assert.rejects(make(mia, 'vain', { tools }), refused);
  assert.equal((await names(mia)).includes('vain'), false);
  await make(mia, 'hopeful');
  await assert.rejects(change(mia, 'hopeful', { tools }), refused);
  assert.deepEqual((await read(mia, 'hopeful')).tools, []);
});

test('the database itself shows and takes no row of somebody else', async () => {
  await make(mia, 'secret-agent');
  const db = openDatabase<AgentTables>({
    url: database.url,
    schema: 'agents',
    role: 'agents_app',
    migrationsDir: join(import.meta.dirname, '..', '..', 'migrations'),
  });
  try {
    const seen = await db.asUser(eve, (tx) => tx.selectFrom('agent').selectAll().execute());
    assert.equal(
      seen.some((row) => row.user_id === mia.userId),
      false,
    );
    assert.ok(seen.some((row) => row.scope === 'system'));
    const row = { scope: 'user' as const, user_id: mia.userId, name: 'planted', content: '{}' };
    await assert.rejects(db.asUser(eve, (tx) => tx.insertInto('agent').values(row).execute()));
    const system = { ...row, scope: 'system' as const, user_id: '' };
    await assert.rejects(db.asUser(eve, (tx) => tx.insertInto('agent').values(system).execute()));
    const taken = await db.asUser(eve, (tx) =>
      tx.updateTable('agent').set({ content: '{}' }).where('scope', '=', 'system').execute(),
    );
    assert.equal(taken[0]?.numUpdatedRows, 0n);
  } finally {
    await db.close();
  }
});

test('a change is in force with the next message, whichever replica answers it', async () => {
  await make(mia, 'hot');
  const conversation = await rig.open();
  const wish = { conversationId: conversation, agent: 'hot' };
  await rig.gateway.call(updateConversation, wish, { caller: mia });
  assert.equal((await saySomething(conversation)).asked?.system, 'You rhyme.');
  for (let round = 1; round <= 8; round += 1) {
    const systemPrompt = `Round ${round}. 第${round}回`;
    const tools = round % 2 === 0 ? [{ tool: 'current_time', policy: 'allow' } as const] : [];
    await change(mia, 'hot', { systemPrompt, tools });
    const { asked } = await saySomething(conversation);
    assert.equal(asked?.system, systemPrompt);
    assert.deepEqual(
      asked.tools.map(({ name }) => name),
      tools.length > 0 ? ['current_time', 'read_result'] : [],
    );
  }
});

test('a save on top of another version is refused with the version that is there', async () => {
  const { agent } = await make(mia, 'contested');
  assert.equal(agent.version, 1);
  await change(mia, 'contested', { description: 'one', version: 1 });
  const late = await change(mia, 'contested', { description: 'two', version: 1 }).catch(
    (error) => error,
  );
  assert.ok(late instanceof MosaicError && late.code === 'conflict');
  assert.deepEqual(late.details, { version: 2 });
  assert.equal((await read(mia, 'contested')).description, 'one');
});

test('conversation stands above person, person above agent, agent above installation; the record says who', async () => {
  rig.decideWith({ ...decision, params: { effort: 'low' } });
  await make(mia, 'tuned', { temperature: 0.2, effort: 'high', model: 'claude-opus-4-6' });
  const conversation = await rig.open();
  const patch = (wish: object) =>
    rig.gateway.call(
      updateConversation,
      { conversationId: conversation, ...wish },
      { caller: mia },
    );
  const plain = await saySomething(conversation);
  assert.deepEqual(plain.asked?.effort, 'low');
  await patch({ agent: 'tuned' });
  const byAgent = await saySomething(conversation);
  assert.deepEqual([byAgent.asked?.temperature, byAgent.asked?.effort], [0.2, 'high']);
  await setting({ 'turn.model': 'gpt-5.4', 'turn.temperature': 0.9 });
  const byPerson = await saySomething(conversation);
  assert.deepEqual([byPerson.asked?.temperature, byPerson.asked?.effort], [0.9, 'high']);
  assert.equal(rig.routed.at(-1)?.preferredModel, 'gpt-5.4');
  await patch({ temperature: 1.5, model: 'glm-5' });
  const byConversation = await saySomething(conversation);
  assert.ok(byConversation.routed?.type === 'turn.routed');
  assert.deepEqual(byConversation.routed.settings, {
    model: { value: 'glm-5', from: 'conversation' },
    temperature: { value: 1.5, from: 'conversation' },
    effort: { value: 'high', from: 'agent' },
  });
  await patch({ temperature: null, model: null });
  const back = await saySomething(conversation);
  assert.ok(back.routed?.type === 'turn.routed');
  assert.deepEqual(back.routed.settings?.temperature, { value: 0.9, from: 'user' });
  assert.deepEqual(back.routed.settings?.model, { value: 'gpt-5.4', from: 'user' });
  await setting({ 'turn.effort': 'minimal' }, { scope: 'system', isMutable: false });
  const fixed = await saySomething(conversation);
  assert.ok(fixed.routed?.type === 'turn.routed');
  assert.deepEqual(fixed.routed.settings?.effort, { value: 'minimal', from: 'fixed' });
  await setting({ 'turn.effort': 'minimal' }, { scope: 'system', isMutable: true });
  const common = await saySomething(conversation);
  assert.ok(common.routed?.type === 'turn.routed');
  assert.deepEqual(common.routed.settings?.effort, { value: 'high', from: 'agent' });
  rig.decideWith(decision);
});

test('while the database is away people go on with the agents that were known last', async () => {
  await make(mia, 'steady', { systemPrompt: 'Steady.' });
  const conversation = await rig.open();
  const wish = { conversationId: conversation, agent: 'steady' };
  await rig.gateway.call(updateConversation, wish, { caller: mia });
  // With one replica alone it is known who has it at hand before the database goes.
  await replica.stop();
  await read(mia, 'steady');
  const port = Number(new URL(database.url).port);
  await database.stop();
  try {
    assert.equal((await saySomething(conversation)).asked?.system, 'Steady.');
    await assert.rejects(make(mia, 'unlucky'), { code: 'service_unavailable' });
    const stranger = rig.bus.person('newcomer');
    assert.ok((await names(stranger)).includes('assistant'));
  } finally {
    database = await startDatabase(port);
  }
  await waitFor(() =>
    make(mia, 'lucky')
      .then(() => true)
      .catch(() => false),
  );
});
