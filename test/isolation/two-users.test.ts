import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type PgliteHandle,
  type RedisHandle,
  startPglite,
  startRedis,
} from '@mosaic/embedded-servers';
import { clientFrameSchema, type ListedTool } from '@mosaic/proto';
import {
  launchMosaic,
  type RunningMosaic,
  type TemporaryDirectory,
  temporaryDirectory,
  waitFor,
} from '@mosaic/test-kit';
import pg from 'pg';
import { owner, type Person, type Reply, signUp } from '../person.ts';
import { askBus, busQuestions, contractsOfPeople, eventsOfPeople } from './ask-bus.ts';
import { type BusProbe, busProbes, factProbes } from './bus-probes.ts';
import { canary, fill, made } from './fill.ts';
import { frameProbes } from './frame-probes.ts';
import { jobProbes, openQueues } from './job-probes.ts';
import { note, noteTool, withNotes } from './notes-server.ts';
import { type BusOfMosaic, openBusOf } from './on-the-bus.ts';
import { type Loot, probes } from './probes.ts';
import { declaredJobs, declaredRoutes } from './route-list.ts';
import { toolProbes } from './tool-probes.ts';

const refusals = new Set(['bad_request', 'conflict', 'forbidden', 'not_found', 'unknown_agent']);
/** Nobody signs in as themself with it, and `probes` ask it of nobody else. */
const notProbed = new Set(['admin/remove-users.ts DELETE /account']);

let directory: TemporaryDirectory;
let database: PgliteHandle;
let redis: RedisHandle;
let mosaic: RunningMosaic;
let bus: BusOfMosaic;
let ada: Person;
let adaId: string;
let bob: Person;
let loot: Loot;

before(async () => {
  directory = await temporaryDirectory();
  const inside = (name: string) => join(directory.path, name);
  [database, redis] = await Promise.all([
    startPglite({ dataDir: inside('db'), dumps: false }),
    startRedis({ dataDir: inside('redis') }),
  ]);
  mosaic = await launchMosaic({
    env: {
      MOSAIC_MASTER_KEY: 'a'.repeat(64),
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      ...withNotes,
    },
  });
  bus = await openBusOf(mosaic);
  // The owner is the first; neither of the two is an administrator.
  await owner(mosaic).request('GET', '/api/me');
  await signUp(mosaic, 'first');
  [ada, bob] = await Promise.all([signUp(mosaic, 'ada'), signUp(mosaic, 'bob')]);
  loot = await fill(bob);
  adaId = (await ada.request('GET', '/api/me')).body.id;
});
after(async () => {
  await bus.close();
  await mosaic.stop();
  await Promise.all([database.stop(), redis.stop()]);
  await directory.remove();
});

/** Everything that somebody sees of their own. */
async function snapshot(who: Person): Promise<readonly Reply['body'][]> {
  const paths = [
    '/api/conversations?archived=with',
    `/api/conversations/${loot.conversationId}/export`,
    `/api/conversations/${loot.twinId}/export`,
    `/api/conversations/${loot.lureId}/export`,
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
  // A number that grows with everybody's saves; scores and the order grow with the vectors that come.
  return bodies.map(({ policyVersion: _, micros: _took, signals: _by, passages, ...body }) => ({
    ...body,
    passages: passages?.map(({ text }: { text: string }) => text).sort(),
  }));
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
  await askOverHttp();
});

async function askOverHttp(): Promise<void> {
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
      // What she made of her own the time before is in the way.
      else if (!route.includes('embeddings')) assert.ok(status < 300 || status === 409, said);
    }
  }
  assert.deepEqual(await snapshot(bob), before, 'Bob has what he had');
}

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
  return make(isOwn ? { ...loot, conversationId: loot.twinId } : loot);
}

test('every subject, event and job that takes a person has its question', () => {
  assert.ok(contractsOfPeople.length > 60, `${contractsOfPeople.length} contracts were found`);
  const named = (list: readonly (readonly [string, unknown])[]) =>
    list.map(([name]) => name).sort();
  assert.deepEqual(Object.keys(busProbes).sort(), named(contractsOfPeople));
  assert.deepEqual(Object.keys(factProbes).sort(), named(eventsOfPeople));
  assert.deepEqual(Object.keys(jobProbes).sort(), declaredJobs());
});

test('nothing that Ada asks over the bus, as whichever service, shows or changes what is Bob’s', () =>
  askOverBus());

async function askOverBus(): Promise<void> {
  const before = await snapshot(bob);
  const caller = bus.person(adaId);
  const wrong: string[] = [];
  for (const { by, contract, name, probe } of busQuestions(loot)) {
    const { code, said } = await askBus(await bus.as(by), contract, { ...probe, caller });
    if (isExpected(probe, code) && !said.includes(canary)) continue;
    wrong.push(`${by} → ${name} ${JSON.stringify(probe.request)} → ${said}`.slice(0, 400));
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual(await snapshot(bob), before, 'Bob has what he had');
}

function isExpected({ expects }: BusProbe, code: string | undefined): boolean {
  if (expects === 'refused') return refusals.has(code ?? '');
  // What she made of her own the time before is in the way.
  return code === undefined || code === 'conflict';
}

test('nobody is Bob without his signature', async () => {
  const caller = { ...bus.person(adaId), userId: loot.userId };
  for (const { by, contract, name, probe } of busQuestions(loot)) {
    const { said } = await askBus(await bus.as(by), contract, { ...probe, caller });
    assert.doesNotMatch(said, new RegExp(canary), `${name}: ${said.slice(0, 300)}`);
  }
});

test('what is published for Ada, about a conversation whose id is Bob’s too, changes nothing of his', async () => {
  const before = await snapshot(bob);
  const caller = bus.person(adaId);
  const tokens = { userId: adaId, conversationId: loot.lureId, resultId: 'result-1' };
  // The message last: a wish to stop, too, is among the facts, and would end its turn.
  const isMessage = (name: string) => Number(name === 'inbox');
  const facts = eventsOfPeople.toSorted(([one], [other]) => isMessage(one) - isMessage(other));
  for (const [name, contract] of facts) {
    const probe = factProbes[name];
    const [by] = contract.publishedBy;
    if (probe === undefined || typeof probe === 'string' || by === undefined || by === 'bridge') {
      continue;
    }
    const publisher = await bus.as(by);
    await publisher.publish(contract, contract.fact.parse(probe.fact(loot)), { tokens, caller });
  }
  const path = `/api/conversations/${loot.lureId}/messages`;
  await waitFor(async () => (await ada.request('GET', path)).body.messages?.length >= 2, {
    what: 'the answer to Ada',
  });
  const hers = JSON.stringify((await ada.request('GET', path)).body);
  assert.doesNotMatch(hers, new RegExp(canary));
  assert.deepEqual(await snapshot(bob), before, 'Bob has what he had');
});

test('no job that runs for Ada reads or changes anything of Bob’s', async () => {
  const before = await snapshot(bob);
  const queued = await openQueues(redis.url);
  for (const [name, make] of Object.entries(jobProbes)) {
    for (const probe of make(loot, bus.person(adaId))) {
      const said = await queued.run(name, probe);
      const told = `${name} ${JSON.stringify(probe.payload)} → ${said}`;
      assert.doesNotMatch(said, new RegExp(canary), told);
      assert.match(said, probe.says, told);
    }
  }
  await queued.close();
  assert.deepEqual(await snapshot(bob), before, 'Bob has what he had');
});

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

/** Tables with rows of people, of all services, and the role that the service has. */
async function asSuperuser<Row extends pg.QueryResultRow>(...statements: string[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const statement of statements) ({ rows } = await client.query<Row>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

const tablesOfPeople = `
  select n.nspname as schema, c.relname as name, c.relrowsecurity and c.relforcerowsecurity as is_secured
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped
  where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
  order by 1, 2`;
interface TableOfPeople {
  readonly schema: string;
  readonly name: string;
  readonly is_secured: boolean;
}

test('with every filter forgotten row level security holds in every table of every service', async () => {
  const tables = await asSuperuser<TableOfPeople>(tablesOfPeople);
  const secured = tables.filter((one) => one.is_secured);
  const open = tables.flatMap((one) => (one.is_secured ? [] : [`${one.schema}.${one.name}`]));
  // Ids of people who are known at all, and the tables of the gateway, which asks for anybody.
  assert.deepEqual(open, [
    'auth.api_key',
    'auth.channel_handle',
    'auth.channel_room',
    'auth.local_owner',
    'memory.owner',
    'providers.credential_owner',
  ]);
  const seen: string[] = [];
  for (const { name, schema } of secured) {
    const become = `select set_config('search_path', '${schema}', true),
      set_config('app.user_id', '${adaId}', true), set_config('role', '${schema}_app', true)`;
    const bobs = `where user_id = '${loot.userId}'`;
    const [all] = await asSuperuser<{ count: number }>(
      `select count(*)::int as count from ${schema}.${name} ${bobs}`,
    );
    if (all?.count !== 0) seen.push(`${schema}.${name}`);
    const [shown] = await asSuperuser<{ count: number }>(
      'begin',
      become,
      `select count(*)::int as count from ${name} ${bobs}`,
    );
    assert.equal(shown?.count, 0, `${schema}.${name} shows rows of Bob's`);
  }
  assert.ok(seen.length > 12, `Bob has rows in ${seen.join(', ')}`);
});

test('with row level security switched off the filters of every service hold', async () => {
  const secured = (await asSuperuser<TableOfPeople>(tablesOfPeople)).filter(
    (one) => one.is_secured,
  );
  const each = (what: string) =>
    secured.map(({ name, schema }) => `alter table ${schema}.${name} ${what}`);
  await asSuperuser(...each('disable row level security'));
  try {
    await askOverHttp();
    await askOverBus();
  } finally {
    await asSuperuser(...each('enable row level security'));
  }
});

test('no tool that works for Ada shows or changes anything of Bob’s', async () => {
  const noting = { name: 'noting', systemPrompt: 'Note it.', description: '' };
  const mayNote = [{ tool: noteTool, policy: 'allow' }];
  await made(bob.request('POST', '/api/agents', { ...noting, tools: mayNote }));
  const noted = {
    conversationId: await bob.open({ agent: 'noting', title: 'Notes' }),
    text: canary,
  };
  assert.equal(await note(mosaic, bob, noted), canary, 'his server keeps something of his');
  const { tools } = await made(ada.request('GET', '/api/tools'));
  // Of a server, what its operator allows; of the built-in ones all, whatever is in their way.
  const callable = tools.filter((tool: ListedTool) => tool.server === null || tool.isAvailable);
  const names: string[] = callable.map(({ name }: ListedTool) => name).sort();
  assert.deepEqual(Object.keys(toolProbes).sort(), names, 'every tool has its question');
  const grants = names.map((tool) => ({ tool, policy: 'allow' }));
  const agent = { name: 'curious', systemPrompt: 'Find it.', description: '', tools: grants };
  await made(ada.request('POST', '/api/agents', agent));
  const toolCalls = Object.entries(toolProbes).flatMap(([name, make]) =>
    make(loot, mosaic.url).map((asked) => ({ name, arguments: asked })),
  );
  const before = await snapshot(bob);
  const conversationId = await ada.open({ agent: 'curious', model: 'claude-haiku-4-5' });
  mosaic.vendors.script({ vendor: 'anthropic', toolCalls, stop: 'tool-calls' });
  await ada.say(conversationId, 'Use everything you have, friend.');
  const { events } = await made(ada.request('GET', `/api/conversations/${conversationId}/export`));
  const finished = events.filter(({ type }: { type: string }) => type === 'tool.finished');
  assert.equal(finished.length, toolCalls.length);
  for (const { name, output } of finished) assert.doesNotMatch(output, new RegExp(canary), name);
  const ofNotes = finished.filter(({ name }: { name: string }) => name === noteTool);
  assert.deepEqual(
    ofNotes.map(({ output }: { output: string }) => output),
    ['Ada was here.'],
  );
  assert.deepEqual(await snapshot(bob), before, 'Bob has what he had');
  assert.equal(await note(mosaic, bob, { ...noted, text: 'again' }), `${canary} again`);
});
