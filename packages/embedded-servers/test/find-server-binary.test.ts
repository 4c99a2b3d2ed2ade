import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { EmbeddedServerError, findServerBinary } from '../src/index.ts';
import { temporaryDirectory } from './temporary-directory.ts';

function script(directory: string, name: string, lines: readonly string[]): void {
  const path = join(directory, name);
  writeFileSync(path, ['#!/bin/sh', ...lines].join('\n'));
  chmodSync(path, 0o755);
}

/** A machine whose only installer is this brew, which takes a moment and counts its calls. */
function machineWithBrew(exitCode: number): { directory: string; calls: () => string[] } {
  const directory = temporaryDirectory();
  const log = join(directory, 'calls');
  script(directory, 'brew', [
    `echo "$@" >> ${log}`,
    'sleep 0.2',
    ...(exitCode === 0
      ? [`printf '#!/bin/sh\\n' > ${directory}/redis-server; chmod 755 ${directory}/redis-server`]
      : ['echo "no such formula" >&2']),
    `exit ${exitCode}`,
  ]);
  const calls = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  return { directory, calls };
}

test('the programs of this machine are found, though Debian keeps one off the PATH', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = '';
  try {
    const found = await findServerBinary('nats-server', { installIfMissing: false });
    assert.equal(basename(found), 'nats-server');
  } finally {
    process.env['PATH'] = path;
  }
});

test('a file that cannot be executed and a directory are not taken for the program', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'redis-server'), 'text', { mode: 0o644 });
  mkdirSync(join(directory, 'nats-server'));
  for (const name of ['redis-server', 'nats-server'] as const) {
    await assert.rejects(findServerBinary(name, { directories: [directory] }), {
      code: 'BINARY_MISSING',
    });
  }
});

test('a missing program that nothing can install gives a sentence that says what to do', async () => {
  await assert.rejects(
    findServerBinary('redis-server', { installIfMissing: true, directories: [] }),
    (error) =>
      error instanceof EmbeddedServerError &&
      error.code === 'BINARY_MISSING' &&
      ['apt-get install redis-server', 'brew install redis', 'REDIS_URL'].every((part) =>
        error.message.includes(part),
      ),
  );
});

test('two starts at once install a missing program once', async () => {
  const { directory, calls } = machineWithBrew(0);
  symlinkSync('/bin/sh', join(directory, 'sh'));
  const said: string[] = [];
  const options = {
    installIfMissing: true,
    directories: [directory],
    onProgress: (sentence: string) => said.push(sentence),
  };
  const found = await Promise.all([
    findServerBinary('redis-server', options),
    findServerBinary('redis-server', options),
  ]);
  assert.deepEqual(found, [join(directory, 'redis-server'), join(directory, 'redis-server')]);
  assert.deepEqual(calls(), ['install --quiet redis']);
  assert.deepEqual(said, ["Installing redis-server with the system's package manager."]);
});

test('a failing package manager is quoted', async () => {
  const { directory } = machineWithBrew(3);
  await assert.rejects(
    findServerBinary('nats-server', { installIfMissing: true, directories: [directory] }),
    (error) =>
      error instanceof EmbeddedServerError &&
      error.code === 'INSTALL_FAILED' &&
      error.message.includes('no such formula'),
  );
});
