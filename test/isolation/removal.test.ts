import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type PgliteHandle,
  type RedisHandle,
  startPglite,
  startRedis,
} from '@mosaic/embedded-servers';
import {
  launchMosaic,
  type RunningMosaic,
  type TemporaryDirectory,
  temporaryDirectory,
  waitFor,
} from '@mosaic/test-kit';
import { Redis } from 'ioredis';
import pg from 'pg';
import { owner, type Person, signUp } from '../person.ts';
import { subjectsOfStreams } from './all-streams.ts';
import { note, noteTool, withNotes } from './notes-server.ts';

const canary = 'canary-eve-51c0';

let directory: TemporaryDirectory;
let database: PgliteHandle;
let redis: RedisHandle;
let mosaic: RunningMosaic;
let admin: Person;
let eve: Person;
let mallory: Person;
let eveId: string;
let conversationId: string;

before(async () => {
  directory = await temporaryDirectory();
  database = await startPglite({ dataDir: join(directory.path, 'db'), dumps: false, port: 0 });
  redis = await startRedis({ dataDir: join(directory.path, 'redis') });
  mosaic = await launchMosaic({
    dataDir: join(directory.path, 'mosaic'),
    env: {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      ...withNotes,
      MOSAIC_MASTER_KEY: 'a'.repeat(64),
      NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${directory.path}`,
    },
  });
  admin = owner(mosaic);
  await signUp(mosaic, 'first');
  [eve, mallory] = await Promise.all([signUp(mosaic, 'eve'), signUp(mosaic, 'mallory')]);
  eveId = (await eve.request('GET', '/api/me')).body.id;
  conversationId = await fill(eve);
  await fill(mallory);
});
after(async () => {
  await mosaic.stop();
  await Promise.all([database.stop(), redis.stop()]);
  await directory.remove();
});

async function fill(who: Person): Promise<string> {
  const id = await who.open({ title: canary });
  await who.say(id, `Remember that my secret is ${canary}.`);
  const tools = [{ tool: noteTool, policy: 'allow' }];
  const requests: [string, string, object][] = [
    ['POST', '/api/memory', { text: `Likes ${canary}`, kind: 'preference' }],
    ['PUT', '/api/preferences/canary.key', { value: canary }],
    ['POST', '/api/routing/rules', { name: canary, when: [], then: { model: 'gpt-5.4' } }],
    ['POST', '/api/keys', { name: canary }],
    ['POST', '/api/agents', { name: 'mine', description: canary, systemPrompt: canary, tools }],
    ['PUT', '/api/providers/openai/credentials', { key: `sk-${canary}`, skipTest: true }],
    ['POST', `/api/conversations/${id}/fork`, {}],
  ];
  for (const [method, path, body] of requests) {
    const reply = await who.request(method, path, body);
    assert.ok(reply.status < 300, `${path} ${JSON.stringify(reply.body)}`);
  }
  // So that whatever remembers people between two questions remembers this one.
  for (const path of ['/api/agents', '/api/models', `/api/memory/search?q=${canary}`]) {
    assert.equal((await who.request('GET', path)).status, 200, path);
  }
  await who.request('PATCH', `/api/conversations/${id}`, { agent: 'mine' });
  assert.equal(await note(mosaic, who, { conversationId: id, text: canary }), canary);
  const { id: userId } = (await who.request('GET', '/api/me')).body;
  assert.ok(programs().includes(userId), 'a server runs for them');
  const workspace = join(mosaic.dataDir, 'workspaces', userId, id);
  mkdirSync(workspace, { recursive: true });
  writeFileSync(join(workspace, 'notes.txt'), canary);
  return id;
}

/** What runs on this machine, with all arguments. */
const programs = () => execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' });

async function query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const allTables = `
  select format('%I.%I', schemaname, tablename) as name from pg_tables
  where schemaname not in ('pg_catalog', 'information_schema') order by 1`;

/** Rows of all services in which a text stands, in whatever column, by table. */
async function tablesWith(text: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { name } of await query<{ name: string }>(allTables)) {
    const [row] = await query<{ count: string }>(
      `select count(*) from ${name} as one where strpos(one::text, '${text}') > 0`,
    );
    if (Number(row?.count) > 0) found[name] = Number(row?.count);
  }
  return found;
}

/** Files below a folder that hold a text. */
function filesWith(folder: string, text: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .filter((path) => readFileSync(path).includes(text));
}

/** Keys of Redis that have a text in their name or in what they hold. */
async function redisKeysWith(text: string): Promise<readonly string[]> {
  const client = new Redis(redis.url);
  const found: string[] = [];
  for (const key of await client.keys('*')) {
    const held = await readKey(client, key, await client.type(key));
    if (`${key} ${JSON.stringify(held)}`.includes(text)) found.push(key);
  }
  client.disconnect();
  return found;
}

function readKey(client: Redis, key: string, type: string): Promise<unknown> {
  if (type === 'string') return client.get(key);
  if (type === 'hash') return client.hgetall(key);
  if (type === 'list') return client.lrange(key, 0, -1);
  if (type === 'set') return client.smembers(key);
  if (type === 'zset') return client.zrange(key, 0, '-1');
  if (type === 'stream') return client.xrange(key, '-', '+');
  throw new TypeError(`${key} is a ${type}, which nobody looks through`);
}

/** What all six services still hold in memory, after a collection of garbage. */
async function heapOfServices(): Promise<Buffer> {
  process.kill(mosaic.pid, 'SIGUSR2');
  const name = await waitFor(
    () => readdirSync(directory.path).find((file) => file.endsWith('.heapsnapshot')),
    { what: 'a heap snapshot', timeoutMs: 120_000, everyMs: 100 },
  );
  // The process stands still while it writes: it answers when the file is whole.
  const answers = async () => (await fetch(`${mosaic.url}/healthz`)).ok;
  await waitFor(answers, { what: 'the end of the snapshot', timeoutMs: 120_000 });
  return readFileSync(join(directory.path, name));
}

let malloryId: string;

test('the removal of an account answers with what every service removed', async () => {
  malloryId = (await mallory.request('GET', '/api/me')).body.id;
  // The ledger is written a moment after the answer, and jobs are made a moment after the turn.
  await waitFor(async () => (await tablesWith(eveId))['providers.model_call']);
  await waitFor(async () => (await redisKeysWith(eveId)).length > 0, { what: 'a job of hers' });
  const reserved = async () =>
    (await mallory.request('GET', '/api/usage/limits')).body.today.reservedUsd;
  await waitFor(async () => (await reserved()) === 0, { what: 'the end of every call of theirs' });
  const before = await tablesWith(eveId);
  for (const table of ['memory.message', 'memory.passage', 'router.rule_change', 'auth.api_key']) {
    assert.ok(before[table], `${table} has something of Eve's`);
  }
  const malloryBefore = await tablesWith(malloryId);
  const refused = await mallory.request('DELETE', `/api/admin/users/${eveId}`);
  assert.equal(refused.status, 403);

  const { body, status } = await admin.request('DELETE', `/api/admin/users/${eveId}`);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(body.pending, []);
  const { removed } = body;
  assert.deepEqual(Object.keys(removed).sort(), [
    'agents',
    'gateway',
    'jobs',
    'memory',
    'providers',
    'router',
  ]);
  assert.equal(removed.gateway.user, 1);
  assert.equal(removed.gateway.api_key, 1);
  assert.equal(removed.memory.conversation, 2);
  assert.equal(removed.memory.memory, 2);
  assert.equal(removed.router.rule, 1);
  assert.equal(removed.agents.files, 1);
  assert.equal(removed.providers.vendor_credential, 1);
  for (const count of [
    removed.memory.message,
    removed.memory.passage,
    removed.memory.events_of_log,
    removed.providers.model_call,
    removed.jobs.jobs,
  ]) {
    assert.ok(count > 0, JSON.stringify(removed));
  }
  const malloryAfter = await tablesWith(malloryId);
  // What is made into vectors or read for memories behind a conversation's back may still come.
  for (const [table, count] of Object.entries(malloryBefore)) {
    assert.ok((malloryAfter[table] ?? 0) >= count, `nothing of anybody else is gone: ${table}`);
  }
  assert.ok(!programs().includes(eveId) && programs().includes(malloryId), 'her server has ended');
});

test('no row, no index, no file of the database and no log line has a trace of it', async () => {
  const rest = await tablesWith(eveId);
  assert.deepEqual(rest, { 'memory.removed_owner': 1 }, 'the id alone, so that nothing comes back');
  // What is Mallory's own holds the canary as well: her rows go, so that files can be searched.
  const { body } = await mallory.request('DELETE', '/api/account');
  assert.deepEqual(body.pending, []);
  assert.deepEqual(await tablesWith(canary), {});
  await query('vacuum full');
  await query('checkpoint');
  const paths = readdirSync(directory.path, { recursive: true, encoding: 'utf8' });
  const base = paths.find((path) => path.endsWith('/base')) ?? 'none';
  assert.ok(filesWith(join(directory.path, base), 'memory_once').length > 0, 'it can be searched');
  assert.deepEqual(filesWith(join(directory.path, base), canary), []);
  const folders = ['logs', 'nats', 'workspaces'].map((name) => join(mosaic.dataDir, name));
  for (const folder of [...folders, join(directory.path, 'redis')]) {
    const isGone = () => filesWith(folder, canary).length === 0;
    await waitFor(isGone, { what: `no trace below ${folder}` });
  }
  assert.doesNotMatch(mosaic.output(), new RegExp(canary));
});

test('no stream, no bucket and no queue has anything under their ids, but that they are gone', async () => {
  for (const id of [eveId, malloryId]) {
    const left = async () =>
      (await subjectsOfStreams(mosaic)).filter((subject) => subject.includes(id));
    assert.ok((await left()).length > 0, 'subjects can be seen');
    const isBare = async () =>
      (await left()).every((subject) => /\.user\.(?:deleted|purged)\./.test(subject));
    // Which worker had a turn of theirs goes by itself, some seconds after the turn.
    await waitFor(isBare, { what: `nothing but the removal of ${id}` });
    assert.deepEqual(await redisKeysWith(id), []);
  }
});

test('no service holds a word of theirs in memory', async () => {
  const heap = await heapOfServices();
  assert.ok(heap.includes('removed_owner'), 'strings can be found in it');
  const at = heap.indexOf(canary);
  const around = heap.subarray(Math.max(0, at - 300), at + 300).toString();
  assert.equal(at, -1, around);
});

test('whoever is removed is signed out everywhere, and their name is free again', async () => {
  for (const [method, path] of [
    ['GET', '/api/me'],
    ['GET', `/api/conversations/${conversationId}`],
    ['GET', '/api/memory'],
  ] as const) {
    assert.equal((await eve.request(method, path)).status, 401, path);
  }
  const again = await signUp(mosaic, 'eve');
  const { body } = await again.request('GET', '/api/conversations');
  assert.deepEqual(body.conversations, []);
});

test('accounts that have to stay, stay, and the other ways of removing one are closed', async () => {
  const own = (await admin.request('GET', '/api/me')).body.id;
  assert.equal((await admin.request('DELETE', `/api/admin/users/${own}`)).status, 409);
  assert.equal((await admin.request('DELETE', '/api/account')).status, 409);
  assert.equal((await admin.request('DELETE', '/api/admin/users/nobody')).status, 404);
  const other = { userId: own };
  for (const path of ['/api/auth/admin/remove-user', '/api/auth/delete-user']) {
    const { status } = await admin.request('POST', path, other);
    assert.equal(status, 404, path);
  }
  const limited = await admin.request('POST', '/api/keys', { name: 'limited', scopes: ['admin'] });
  const byKey = await fetch(`${mosaic.url}/api/admin/users/x`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${limited.body.key}` },
  });
  assert.equal(byKey.status, 403);
});
