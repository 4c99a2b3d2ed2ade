import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clientFrameSchema } from '@mosaic/proto';
import { launchMosaic, type RunningMosaic, waitFor } from '@mosaic/test-kit';
import { owner, type Person, type Reply, signUp } from '../person.ts';
import { frameProbes } from './frame-probes.ts';
import { type Loot, probes } from './probes.ts';
import { declaredRoutes } from './route-list.ts';

const canary = 'canary-bob-7f3a';
/** Nobody signs in as themself with it, and `probes` ask it of nobody else. */
const notProbed = new Set(['admin/remove-users.ts DELETE /account']);

let mosaic: RunningMosaic;
let ada: Person;
let bob: Person;
let loot: Loot;
/** Another conversation of Bob's with an id that Ada takes for one of her own. */
let twin: string;

before(async () => {
  mosaic = await launchMosaic({ env: { MOSAIC_MASTER_KEY: 'a'.repeat(64) } });
  // The owner is the first; neither of the two is an administrator.
  await owner(mosaic).request('GET', '/api/me');
  await signUp(mosaic, 'first');
  [ada, bob] = await Promise.all([signUp(mosaic, 'ada'), signUp(mosaic, 'bob')]);
  loot = await fill(bob);
  twin = await bob.open({ title: `${canary} twin` });
});
after(() => mosaic.stop());

async function made(reply: Promise<Reply>): Promise<Reply['body']> {
  const { body, status } = await reply;
  assert.ok(status < 300, JSON.stringify(body));
  return body;
}

/** Gives somebody something of everything, each with the canary in it. */
async function fill(who: Person): Promise<Loot> {
  const { request } = who;
  const conversationId = await who.open({ title: `${canary} title` });
  await who.say(conversationId, `Remember that my secret is ${canary}. What is 2 + 2?`);
  await made(request('PATCH', `/api/conversations/${conversationId}`, { tags: [canary] }));
  const { messages } = await made(request('GET', `/api/conversations/${conversationId}/messages`));
  const wish = { text: `Likes ${canary}`, kind: 'preference' };
  const memory = await made(request('POST', '/api/memory', wish));
  await made(request('PUT', '/api/preferences/canary.key', { value: canary }));
  const rule = { name: canary, when: [], then: { model: 'gpt-5.4' }, enabled: false };
  const { id: ruleId } = await made(request('POST', '/api/routing/rules', rule));
  const { id: keyId } = await made(request('POST', '/api/keys', { name: canary }));
  const { id: userId } = await made(request('GET', '/api/me'));
  const agent = { name: 'agent-of-bob', description: canary, systemPrompt: canary };
  await made(request('POST', '/api/agents', agent));
  return {
    userId,
    conversationId,
    messageId: messages[0].id,
    memoryId: memory.id,
    ruleId,
    keyId,
    preferenceKey: 'canary.key',
    agentName: agent.name,
    ...(await teach(who, { conversationId, messageId: messages[0].id })),
  };
}

/** Says of two messages that they were something else: one offer stays, one is accepted. */
async function teach(
  { request, say }: Person,
  about: { readonly conversationId: string; readonly messageId: string },
) {
  const correct = async (messageId: string, task: string) => {
    const given = { ...about, messageId, kind: 'task', task };
    return (await made(request('POST', '/api/routing/feedback', given))).suggestions[0].id;
  };
  const accepted = await correct(about.messageId, 'coding');
  await made(request('POST', `/api/routing/suggestions/${accepted}/accept`, {}));
  const { exemplars } = await made(request('GET', '/api/routing/exemplars'));
  await say(about.conversationId, `Is ${canary} a word of Latin or of Greek?`);
  const path = `/api/conversations/${about.conversationId}/messages`;
  const { messages } = await made(request('GET', path));
  const second = messages.findLast(({ role }: { role: string }) => role === 'user');
  return {
    exemplarId: exemplars[0].id,
    suggestionId: await correct(second.id, 'research'),
  };
}

/** Everything that somebody sees of their own. */
async function snapshot(who: Person): Promise<readonly Reply['body'][]> {
  const paths = [
    '/api/conversations?archived=with',
    `/api/conversations/${loot.conversationId}/export`,
    `/api/conversations/${twin}/export`,
    '/api/memory?superseded=1',
    '/api/preferences',
    '/api/routing/rules',
    `/api/routing/rules/${loot.ruleId}/history`,
    '/api/keys',
    '/api/agents',
    '/api/routing/exemplars',
    '/api/routing/suggestions',
    '/api/memory/search?q=canary',
  ];
  const bodies = await Promise.all(paths.map((path) => made(who.request('GET', path))));
  // A number that grows with everybody's saves.
  return bodies.map(({ policyVersion: _, micros: _took, ...body }) => body);
}

test('every route of the gateway has its question, and no question is left without a route', () => {
  const declared = new Set(declaredRoutes());
  assert.ok(declared.size > 60, `${declared.size} routes were found`);
  assert.deepEqual(
    [...declared].filter((route) => probes[route] === undefined),
    [],
  );
  assert.deepEqual(
    Object.keys(probes).filter((route) => !declared.has(route)),
    [],
  );
});

test('nothing that Ada asks shows or changes anything of Bob’s', async () => {
  // A title by a model and the reading for memories may still come.
  await waitFor(async () => (await bob.request('GET', '/api/memory')).body.memories.length === 2);
  const before = await snapshot(bob);
  assert.ok(JSON.stringify(before).split(canary).length > 8, 'there is something to find');
  for (const [route, make] of Object.entries(probes)) {
    if (notProbed.has(route)) continue;
    for (const probe of questions(route, make)) {
      const method = probe.method ?? route.split(' ')[1] ?? '';
      const { body, status } = await ada.request(method, probe.path, probe.body);
      const said = `${method} ${probe.path} → ${status} ${JSON.stringify(body)}`.slice(0, 400);
      assert.doesNotMatch(JSON.stringify(body), new RegExp(canary), said);
      assert.ok(status < 500 || route.includes('embeddings'), said);
      if (probe.expects === 'refused') assert.ok([400, 403, 404].includes(status), said);
      else if (!route.includes('embeddings')) assert.ok(status < 300, said);
    }
  }
  assert.deepEqual(await snapshot(bob), before, 'Bob has what he had');
});

test('no frame of the socket shows or changes anything of Bob’s, whatever its type', async () => {
  const types = clientFrameSchema.options.map(({ shape }) => shape.type.value).sort();
  assert.deepEqual(Object.keys(frameProbes).sort(), types, 'every type of frame has its question');
  const before = await snapshot(bob);
  const socket = await ada.socket();
  await socket.until(({ type }) => type === 'welcome');
  const errors = () => socket.frames.flatMap((one) => (one.type === 'error' ? [one.error] : []));
  for (const { frame, answeredBy } of Object.values(frameProbes).flatMap((make) => make(loot))) {
    const known = errors().length;
    socket.send(frame);
    if (answeredBy.length === 0) continue;
    const error = await waitFor(() => errors()[known], { what: `an answer to ${frame.type}` });
    assert.ok(answeredBy.includes(error.code), `${JSON.stringify(frame)} → ${error.code}`);
  }
  await bob.say(loot.conversationId, `Is ${canary} a word of Greek or of Latin?`);
  socket.send({ type: 'ping', id: 'last' });
  await socket.until((frame) => frame.type === 'pong' && frame.id === 'last');
  const shown = socket.frames.filter(({ type }) => type === 'event' || type === 'delta');
  assert.deepEqual(shown, [], 'nothing of the conversation reaches her');
  assert.doesNotMatch(JSON.stringify(socket.frames), new RegExp(canary));
  await socket.close();
  const events = (list: readonly Reply['body'][]) => list[1].events.length;
  assert.ok(events(await snapshot(bob)) > events(before), 'he goes on as if nobody had asked');
});

/** Ada takes the id of the twin for her own, so that the other questions still name a foreign one. */
function questions(route: string, make: (typeof probes)[string]) {
  const isOwn = route.endsWith('conversations.ts POST /');
  return make(isOwn ? { ...loot, conversationId: twin } : loot);
}

test('foreign and missing things are told apart by nothing', async () => {
  const missing = '01890a5d-ac96-774b-bcce-b302099a8057';
  const pairs = [
    [`/api/conversations/${loot.conversationId}`, `/api/conversations/${missing}`],
    [`/api/memory/${loot.memoryId}`, `/api/memory/${missing}`],
    [`/api/keys/${loot.keyId}`, `/api/keys/${missing}`],
    [`/api/routing/rules/${loot.ruleId}`, `/api/routing/rules/${missing}`],
  ];
  for (const [foreign = '', absent = ''] of pairs) {
    const answers = await Promise.all(
      [foreign, absent].map(async (path) => {
        const { body, status } = await ada.request('DELETE', path);
        return { status, code: body.error.code, message: body.error.message };
      }),
    );
    assert.deepEqual(answers[0], answers[1], foreign);
  }
});
