import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const directory = mkdtempSync(join(tmpdir(), 'named-'));
after(() => rmSync(directory, { recursive: true }));

const preload = join(import.meta.dirname, '..', 'start-only-for-named-tests.mjs');
/** Takes a while to start something that keeps the process alive until it is stopped. */
const file = join(directory, 'slow.test.ts');
writeFileSync(
  file,
  `import { after, before, test } from 'node:test';
  import { setTimeout as pause } from 'node:timers/promises';
  let started;
  before(async () => {
    console.log('starting');
    await pause(50);
    started = { timer: setInterval(() => undefined, 1_000) };
  });
  after(() => {
    clearInterval(started.timer);
    console.log('stopped');
  });
  for (const name of ['first', 'second']) test(\`the \${name} claim\`, async () => undefined);`,
);

function runNamed(name: string) {
  const env: NodeJS.ProcessEnv = { ...process.env, ONLY_TESTS_NAMED: name };
  // Says to a Node inside a test that it belongs to it.
  delete env['NODE_TEST_CONTEXT'];
  const args = ['--import', preload, `--test-name-pattern=${name}`, file];
  return spawnSync(process.execPath, args, { encoding: 'utf8', env, timeout: 120_000 });
}

test('a file without a test of the name starts nothing, ends, and is no failure', () => {
  const { status, stdout } = runNamed('nobody has this name');
  assert.equal(status, 0, stdout);
  assert.doesNotMatch(stdout, /starting/);
});

test('a file with one starts and stops what it needs', () => {
  const { status, stdout } = runNamed('second claim');
  assert.equal(status, 0, stdout);
  assert.match(stdout, /starting[\s\S]*stopped/);
  assert.match(stdout, /pass 1/);
});
