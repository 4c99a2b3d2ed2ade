import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startInKillableLauncher } from './start-in-killable-launcher.ts';
import { stopAfter } from './stop-after.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { countNotes, insertNote, makeNotes, start, withClient } from './test-database.ts';

// One directory for all tests.
const dataDir = temporaryDirectory();

test('a second start on the same directory is refused while the first one lives', async (t) => {
  const first = await stopAfter(t, start({ dataDir }));
  await assert.rejects(start({ dataDir }), { code: 'DATA_DIR_IN_USE' });
  await first.stop();
  const again = await stopAfter(t, start({ dataDir }));
  await again.stop();
  assert.equal((await again.exited).expected, true);
  assert.throws(() => process.kill(again.pid, 0));
});

test('rows survive kill -9, and the database comes back at the same address', async (t) => {
  let restarted = (_sentence: string) => {};
  const restart = new Promise<string>((resolve) => {
    restarted = resolve;
  });
  const server = await stopAfter(
    t,
    start({ dataDir, onRestart: (sentence) => restarted(sentence) }),
  );
  await makeNotes(server.url);
  for (let i = 0; i < 20; i += 1) await insertNote(server.url, `note ${i}`);
  const killed = server.pid;
  process.kill(killed, 'SIGKILL');
  assert.match(await restart, /ended by itself/);
  while (server.pid === killed) await delay(20);
  assert.equal(await countNotes(server.url), 20);
  await server.stop();
});

test('a forgotten transaction makes the watchdog restart the database for the others', async (t) => {
  const restarts: string[] = [];
  const server = await stopAfter(
    t,
    start({
      dataDir,
      // A database that answers has to do so in time on a busy machine, too.
      watchdog: { intervalMs: 100, timeoutMs: 1_500, misses: 2 },
      onRestart: (sentence) => restarts.push(sentence),
    }),
  );
  await makeNotes(server.url);
  const forgetful = new pg.Client({ connectionString: server.url });
  forgetful.on('error', () => {});
  const lost = new Promise<void>((resolve) => forgetful.once('end', resolve));
  await forgetful.connect();
  await forgetful.query('begin');
  await forgetful.query("insert into notes values ('never committed')");
  const first = server.pid;
  await lost;
  while (server.pid === first) await delay(20);
  assert.equal(await countNotes(server.url), 0);
  assert.match(restarts.join(), /nothing to do/);
  await server.stop();
});

test('a query that works is let alone until the busy limit, then ended', async (t) => {
  const restarts: string[] = [];
  const server = await stopAfter(
    t,
    start({
      dataDir,
      watchdog: { intervalMs: 50, timeoutMs: 800, misses: 2, busyLimitMs: 3_000 },
      onRestart: (sentence) => restarts.push(sentence),
    }),
  );
  const killed = server.pid;
  process.kill(killed, 'SIGSTOP'); // As silent as a process that computes.
  while (restarts.length === 0) await delay(20);
  const [, silentMs] = /too busy to answer for (\d+) ms/.exec(restarts.join()) ?? [];
  assert.ok(Number(silentMs) > 3_000, restarts.join());
  while (server.pid === killed) await delay(20);
  await server.stop();
});

test('dumps are written on stop and on demand, three are kept, and one can be restored', async (t) => {
  const said: string[] = [];
  const onProgress = (sentence: string) => said.push(sentence);
  const server = await stopAfter(t, start({ dataDir, dumps: true, onProgress }));
  await makeNotes(server.url);
  const directory = join(dataDir, 'dumps');
  mkdirSync(directory);
  for (const year of [2001, 2002, 2003]) {
    writeFileSync(join(directory, `${year}-01-01T03-00-00.000Z.tar.gz`), 'an old dump');
  }
  await server.dump();
  await insertNote(server.url, 'the last one');
  await server.stop();
  assert.match(said.join(), /dumped to/);
  const dumps = readdirSync(directory).sort();
  assert.equal(dumps.length, 3);
  assert.match(dumps[0] ?? '', /^2003/);
  const newest = join(directory, dumps.at(-1) ?? '');
  assert.equal(statSync(newest).mode & 0o777, 0o600);
  const restored = await stopAfter(t, start({ dataDir: temporaryDirectory(), dumpFile: newest }));
  assert.equal(await countNotes(restored.url), 1);
  await restored.stop();
});

test('the database ends with its killed launcher, and the next start has its rows', async (t) => {
  const orphan = await startInKillableLauncher('pglite', dataDir);
  await makeNotes(orphan.url);
  await insertNote(orphan.url, 'kept');
  await orphan.kill();
  const next = await stopAfter(t, start({ dataDir }));
  assert.equal(await countNotes(next.url), 1);
  await next.stop();
});

test('a launcher-less database that hangs is ended by the next start', async (t) => {
  const orphan = await startInKillableLauncher('pglite', dataDir);
  process.kill(orphan.serverPid, 'SIGSTOP');
  await orphan.kill();
  const next = await stopAfter(t, start({ dataDir }));
  await withClient(next.url, (client) => client.query('select 1'));
  await next.stop();
});
