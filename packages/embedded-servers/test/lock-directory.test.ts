import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  chooseFreePort,
  EmbeddedServerError,
  lockDirectory,
  portIsFree,
  reservePort,
} from '../src/index.ts';
import { startOnPort } from '../src/process/start-on-port.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const INDEX = fileURLToPath(new URL('../src/index.ts', import.meta.url));
const inUse = { code: 'DATA_DIR_IN_USE' };

/** Runs a program that locks the directory, says so, and holds it until it is killed. */
async function lockInAnotherProcess(directory: string) {
  const program = `
    const { lockDirectory } = await import(${JSON.stringify(INDEX)});
    try { lockDirectory(${JSON.stringify(directory)}, { purpose: 'another' }); console.log('held'); }
    catch (error) { console.log(error.code); }
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
  const exited = once(child, 'exit');
  const [said] = await once(child.stdout, 'data');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  return { said: String(said).trim(), pid: child.pid, kill };
}

test('a directory is locked once, with a sentence that names the holder, until released', () => {
  const directory = join(temporaryDirectory(), 'new');
  const lock = lockDirectory(directory, { purpose: 'this test' });
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  assert.throws(
    () => lockDirectory(directory, { purpose: 'again' }),
    (error) =>
      error instanceof EmbeddedServerError &&
      error.code === 'DATA_DIR_IN_USE' &&
      error.message.includes(`process ${process.pid} (this test)`),
  );
  lock.release();
  lockDirectory(directory, { purpose: 'again' }).release();
  assert.deepEqual(readdirSync(directory), []);
});

test('a lock of a living process is respected and one of a killed process taken over', async () => {
  const directory = temporaryDirectory();
  const holder = await lockInAnotherProcess(directory);
  assert.equal(holder.said, 'held');
  assert.throws(() => lockDirectory(directory, { purpose: 'me' }), inUse);
  await holder.kill();
  lockDirectory(directory, { purpose: 'me' }).release();
});

test('of many processes racing for a stale lock exactly one gets it', async () => {
  const directory = temporaryDirectory();
  await (await lockInAnotherProcess(directory)).kill();
  const racers = await Promise.all([1, 2, 3, 4].map(() => lockInAnotherProcess(directory)));
  const said = racers.map((racer) => racer.said).sort();
  await Promise.all(racers.map((racer) => racer.kill()));
  assert.deepEqual(said, ['DATA_DIR_IN_USE', 'DATA_DIR_IN_USE', 'DATA_DIR_IN_USE', 'held']);
});

test('a lock whose pid now belongs to another process is stale', () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'mosaic.lock');
  lockDirectory(directory, { purpose: 'first' });
  const content = JSON.parse(readFileSync(path, 'utf8')) as { startedAt: string };
  writeFileSync(path, JSON.stringify({ ...content, startedAt: 'an-earlier-boot/1' }));
  lockDirectory(directory, { purpose: 'second' }).release();
});

test('a torn lock file does not keep anybody out', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'mosaic.lock'), '{"pid":');
  lockDirectory(directory, { purpose: 'me' }).release();
});

test('a taken port is not free, is refused by name, and the next one is chosen', async () => {
  const port = await reservePort();
  assert.equal(await portIsFree(port), true);
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  assert.equal(await portIsFree(port), false);
  assert.notEqual(await chooseFreePort(port), port);
  await assert.rejects(
    startOnPort(port, async () => 'started'),
    { code: 'PORT_IN_USE' },
  );
  server.close();
  await once(server, 'close');
  assert.equal(await chooseFreePort(port), port);
});
