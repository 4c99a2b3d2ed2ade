import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { lintSecrets, lintStack, readStack } from './lint-stack.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const stackFile = join(root, 'deploy/swarm/stack.yml');
const stack = readStack(await readFile(stackFile, 'utf8'));
const compose = readStack(await readFile(join(root, 'docker-compose.yml'), 'utf8'));
const services = ['gateway', 'router', 'agents', 'providers', 'memory', 'jobs'];

test('the stack file keeps the rules', () => {
  assert.deepEqual(lintStack(stack), []);
});

test('both files run every service, each with its own credential', () => {
  for (const file of [stack, compose]) {
    for (const name of services) {
      const secrets = (file.services[name]?.secrets ?? []).map((one) =>
        typeof one === 'string' ? one : one.source,
      );
      assert.ok(secrets.includes(`${name}-credentials`), name);
    }
  }
});

test('those who keep rows hold the address of the database and share its network, and nobody else', () => {
  for (const file of [stack, compose]) {
    const holders = services.filter((name) =>
      file.services[name]?.secrets?.some((one) => one === 'database-url'),
    );
    assert.deepEqual(holders, ['gateway', 'router', 'agents', 'providers', 'memory']);
    for (const name of holders) {
      const { environment, networks } = file.services[name] ?? {};
      assert.equal(environment?.['DATABASE_URL_FILE'], '/run/secrets/database-url', name);
      assert.ok(networks?.includes('data'), name);
    }
  }
});

test('those who queue or count hold the address of Redis and share its network, and nobody else', () => {
  for (const file of [stack, compose]) {
    const holders = services.filter((name) =>
      file.services[name]?.secrets?.some((one) => one === 'redis-url'),
    );
    assert.deepEqual(holders, ['providers', 'jobs']);
    for (const name of holders) {
      const { environment, networks } = file.services[name] ?? {};
      assert.equal(environment?.['REDIS_URL_FILE'], '/run/secrets/redis-url', name);
      assert.ok(networks?.includes('data'), name);
    }
  }
});

test('providers reads the operator’s model cards in both files, and the file that comes with them is one', async () => {
  for (const { services: all } of [stack, compose]) {
    const { configs = [], environment } = all['providers'] ?? {};
    const target = environment?.['MOSAIC_MODEL_CARDS'];
    assert.deepEqual(configs, [{ source: 'model-cards', target }]);
  }
  const file = await readFile(join(root, 'deploy/compose/model-cards.json'), 'utf8');
  assert.deepEqual(JSON.parse(file), { models: [] });
});

test('providers holds the master key in both files, as a file', () => {
  for (const { services: all } of [stack, compose]) {
    assert.ok(all['providers']?.secrets?.some((one) => one === 'master-key'));
    const path = all['providers']?.environment?.['MOSAIC_MASTER_KEY_FILE'];
    assert.equal(path, '/run/secrets/master-key');
  }
});

test("in Compose too nobody holds what is another one's", () => {
  const problems = Object.entries(compose.services).flatMap(([name, one]) =>
    lintSecrets(name, one),
  );
  assert.deepEqual(problems, []);
});

test('a careless stack is refused for each fault', () => {
  const problems = lintStack(
    readStack(`
services:
  gateway:
    image: mosaic:latest
    build: .
    environment: { OPENAI_API_KEY: sk-1 }
    secrets: [caller-seed, openai-api-key, { source: jobs-credentials }]
secrets: {}
`),
  );
  for (const fault of [
    '"build"',
    'health check',
    'limits',
    'start-first',
    'rollback',
    'pin',
    'openai-api-key',
    'jobs-credentials',
    'OPENAI_API_KEY',
  ]) {
    assert.ok(
      problems.some((problem) => problem.includes(fault)),
      fault,
    );
  }
});

test('every file that the init command writes is used, and nothing else is expected from it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mosaic-init-'));
  try {
    const launcher = join(root, 'deploy/local/src/main.ts');
    execFileSync(process.execPath, [launcher, 'init', '--out', folder], { stdio: 'pipe' });
    const byHand = ['admin-password', 'postgres-password', 'database-url', 'redis-url'];
    for (const { file } of Object.values(stack.secrets)) {
      const name = basename(file ?? '');
      const isVendorKey = name.endsWith('-api-key');
      assert.ok(isVendorKey || byHand.includes(name) || existsSync(join(folder, name)), name);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const hasDocker = spawnSync('docker', ['--version']).status === 0;
const skip = hasDocker ? false : 'no docker client on this machine';

test('the docker client accepts the stack file and refuses a misspelt key', { skip }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mosaic-stack-'));
  const expand = (file: string) =>
    spawnSync('docker', ['stack', 'config', '-c', file], { encoding: 'utf8' });
  try {
    const copy = join(folder, 'deploy/swarm/stack.yml');
    await mkdir(dirname(copy), { recursive: true });
    const text = await readFile(stackFile, 'utf8');
    await writeFile(copy, text);
    const good = expand(copy);
    assert.equal(good.status, 0, good.stderr);
    await writeFile(copy, text.replaceAll('failure_action', 'failure_acton'));
    assert.notEqual(expand(copy).status, 0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
