import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startNats } from '@mosaic/embedded-servers';
import { temporaryDirectory } from '@mosaic/test-kit';
import { makeCallerKeys, startService } from '../../src/index.ts';
import { probeService } from './probe-service.ts';

const { path: dataDir } = await temporaryDirectory();
const nats = await startNats({ dataDir });
after(() => nats.stop());

const env = {
  NATS_URL: nats.url,
  MOSAIC_CALLER_PUBLIC_KEY: makeCallerKeys().publicKey,
  MOSAIC_LOG_LEVEL: 'silent',
  PROBE_GREETING: 'hello',
};

function runProbe(changes: Record<string, string> = {}) {
  const program = join(import.meta.dirname, 'probe-service.ts');
  const child = spawn(process.execPath, [program], { env: { ...env, ...changes } });
  const said = { text: '' };
  child.stderr.on('data', (chunk) => {
    said.text += chunk;
  });
  const exited = once(child, 'close').then(([code]) => Number(code));
  return { child, said, exited };
}

async function until(child: ChildProcess, said: { readonly text: string }, words: string) {
  while (!said.text.includes(words)) {
    if (child.exitCode !== null) assert.fail(`the probe ended: ${said.text}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('SIGTERM drains, then the bus, then the rest, and exits with 0', async () => {
  const { child, said, exited } = runProbe();
  await until(child, said, 'hello true');
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
  const steps = said.text.trim().split('\n').slice(1);
  const expected = ['drain 1, bus open', 'drain 2', 'stop 2', 'stop 1, bus closed'];
  assert.deepEqual(steps, expected);
});

test('a step of stopping that fails does not keep the others from running', async () => {
  const { child, said, exited } = runProbe({ PROBE_FAULT: 'drain' });
  await until(child, said, 'hello true');
  child.kill('SIGINT');
  assert.equal(await exited, 0);
  assert.match(said.text, /stop 1/);
});

test('a second signal exits at once', async () => {
  const { child, said, exited } = runProbe({ PROBE_FAULT: 'slow drain' });
  await until(child, said, 'hello true');
  child.kill('SIGTERM');
  await until(child, said, 'drain 2');
  child.kill('SIGTERM');
  assert.equal(await exited, 1);
  assert.doesNotMatch(said.text, /stop/);
});

test('a wrong configuration lists the problems of kit and service, and exits with 1', async () => {
  const { said, exited } = runProbe({ PROBE_GREETING: '', NATS_URL: 'nowhere' });
  assert.equal(await exited, 1);
  assert.match(said.text, /^probe can't start\. The configuration is not usable:\n/);
  assert.match(said.text, /- NATS_URL: /);
  assert.match(said.text, /- PROBE_GREETING: is not set \(example: hello\)/);
  assert.doesNotMatch(said.text, / at .*\.ts/);
});

test('a start that fails says one sentence and undoes what it had begun', async () => {
  const { said, exited } = runProbe({ PROBE_FAULT: 'start' });
  assert.equal(await exited, 1);
  const expected = `stop 1, bus closed\nprobe can't start. Something broke inside Mosaic. (the probe is broken)\n`;
  assert.equal(said.text, expected);
});

test('a running service names the checks that do not hold', async () => {
  const ready = await startService(probeService, env);
  assert.deepEqual(await ready.notReady(), []);
  await ready.stop();
  assert.deepEqual(await ready.notReady(), ['bus']);
  const notReady = await startService(probeService, { ...env, PROBE_FAULT: 'readiness' });
  assert.deepEqual(await notReady.notReady(), ['database']);
  await notReady.stop();
});

test('a service that leaves one of its contracts without a handler does not start', async () => {
  const unfinished = { ...probeService, name: 'router' };
  await assert.rejects(startService(unfinished, env), /router declares contracts .*decideRoute/);
});
