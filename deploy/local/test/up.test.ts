import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launchMosaic, type RunningMosaic, temporaryDirectory, waitFor } from '@mosaic/test-kit';

const main = join(import.meta.dirname, '../src/main.ts');
const demo = { MOSAIC_DEMO: '1' };
let mosaic: RunningMosaic;
before(async () => {
  // The vendors' keys and addresses of the test stand for real ones: demo mode must not use them.
  mosaic = await launchMosaic({ env: demo });
});
after(() => mosaic.stop());

function command(dataDir: string, ...args: string[]) {
  const env = { PATH: process.env['PATH'], MOSAIC_DATA_DIR: dataDir };
  return spawnSync(process.execPath, [main, ...args], { env, encoding: 'utf8', timeout: 120_000 });
}

async function complete({ url, ownerToken }: RunningMosaic, text: string) {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ownerToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: text }] }),
  });
  const body = (await answer.json()) as { choices: { message: { content: string } }[] };
  return { answer, text: body.choices[0]?.message.content ?? '' };
}

/** Processes below this one, with what they run. */
function descendants(pid: number): readonly { pid: number; args: string }[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const all = lines.flatMap((line) => {
    const [own, parent, ...args] = line.trim().split(/\s+/);
    return own === undefined ? [] : [{ pid: Number(own), parent, args: args.join(' ') }];
  });
  const below = (parent: number): typeof all =>
    all.filter((one) => one.parent === String(parent)).flatMap((one) => [one, ...below(one.pid)]);
  return below(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie whose parent was killed is no process that does anything.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('without a terminal it gets ready and answers through the door, simulated and saying so', async () => {
  assert.equal((await fetch(`${mosaic.url}/readyz`)).status, 200);
  const { answer, text } = await complete(mosaic, 'What is the capital of France?');
  assert.equal(answer.status, 200);
  assert.match(text, /simulated/i);
  assert.ok(answer.headers.get('x-mosaic-model'));
  assert.deepEqual(mosaic.vendors.journal, [], 'a vendor with a real key was never asked');
});

test('everything secret in the data directory is for its owner alone', () => {
  const modeOf = (name: string) => statSync(join(mosaic.dataDir, name)).mode & 0o777;
  assert.equal(modeOf('.'), 0o700);
  for (const name of ['keys.json', 'owner-token', 'run/state.json']) {
    assert.equal(modeOf(name), 0o600, name);
  }
});

test('a second start is refused with the process that runs and what to do', () => {
  const { status, stderr } = command(mosaic.dataDir, 'up');
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`process ${mosaic.pid}.*mosaic down.*\\[already_running\\]`));
});

test('status, models and ask find the running Mosaic by its data directory', () => {
  const status = command(mosaic.dataDir, 'status', '--json');
  assert.equal(status.status, 0, status.stderr);
  const { isReady, services, url } = JSON.parse(status.stdout);
  assert.deepEqual([isReady, services.length, url], [true, 6, mosaic.url]);
  const models = command(mosaic.dataDir, 'models').stdout;
  assert.match(models, /claude-sonnet-4-6 .* \d+ +yes +yes +3 +15 +20\d\d-/);
  assert.match(models, /llama3\.2 .* local, nothing is charged/);
  const ask = command(mosaic.dataDir, 'ask', 'hello there');
  assert.equal(ask.status, 0, ask.stderr);
  assert.match(ask.stdout, /hello there/);
});

test('page prints a link that signs in, and export the whole of a conversation', async () => {
  const token = readFileSync(join(mosaic.dataDir, 'owner-token'), 'utf8').trim();
  assert.equal(command(mosaic.dataDir, 'page').stdout.trim(), `${mosaic.url}/#token=${token}`);
  const headers = { authorization: `Bearer ${token}` };
  let id = '';
  await waitFor(async () => {
    const list = await fetch(`${mosaic.url}/api/conversations`, { headers });
    const { conversations } = (await list.json()) as { conversations: { id: string }[] };
    id = conversations[0]?.id ?? '';
    return id !== '';
  });
  const embeddings = await fetch(`${mosaic.url}/api/memory/embeddings`, { headers });
  const { mode } = (await embeddings.json()) as { mode: string };
  assert.equal(mode, 'builtin', 'a look-alike’s vectors mean nothing');
  const exported = command(mosaic.dataDir, 'export', id);
  assert.equal(exported.status, 0, exported.stderr);
  assert.match(exported.stdout, /hello there/);
  const none = command(mosaic.dataDir, 'export', 'not-there');
  assert.equal(none.status, 1);
  assert.match(none.stderr, /\[not_found\]/);
});

test('an added channel has a credential for its bridge alone, and how to start it', () => {
  const { status, stdout, stderr } = command(mosaic.dataDir, 'channels', 'add', 'irc');
  assert.equal(status, 0, stderr);
  const file = join(mosaic.dataDir, 'credentials', 'bridge-irc.creds');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(stdout, /MOSAIC_CHANNEL_ID=irc/);
  assert.ok(stdout.includes(file));
  assert.match(command(mosaic.dataDir, 'channels').stdout, /^irc /m);
});

test('killed hard, it starts again with what was said, and stops without leaving a process', async (t) => {
  const directory = await temporaryDirectory();
  t.after(() => directory.remove());
  const first = await launchMosaic({ env: demo, dataDir: directory.path });
  t.after(() => first.stop());
  const ask = command(directory.path, 'ask', 'remember the blue door', '--json');
  assert.equal(ask.status, 0, ask.stderr);
  await first.kill9();
  const second = await launchMosaic({ env: demo, dataDir: directory.path });
  t.after(() => second.stop());
  assert.equal(second.ownerToken, first.ownerToken);
  const found = await waitFor(async () => {
    const headers = { authorization: `Bearer ${second.ownerToken}` };
    const list = await fetch(`${second.url}/api/conversations`, { headers });
    const { conversations } = (await list.json()) as { conversations: { id: string }[] };
    return conversations;
  });
  const headers = { authorization: `Bearer ${second.ownerToken}` };
  const path = `/api/conversations/${found[0]?.id}/messages`;
  const messages = await (await fetch(`${second.url}${path}`, { headers })).text();
  assert.match(messages, /remember the blue door/);

  const below = descendants(second.pid);
  assert.ok(below.some(({ args }) => args.includes('nats-server')));
  const down = command(directory.path, 'down');
  assert.match(down.stdout, /has stopped/, down.stderr);
  await waitFor(() => below.every(({ pid }) => !isAlive(pid)), { what: 'every process to end' });
});

test('isolated, a service that is killed comes back, and none outlives a killed launcher', async (t) => {
  const isolated = await launchMosaic({ env: demo, args: ['--isolate'] });
  t.after(() => isolated.stop());
  const pidOf = (name: string) =>
    Number(readFileSync(join(isolated.dataDir, 'run', `${name}.pid`), 'utf8'));
  const agents = pidOf('agents');
  const environment = readFileSync(`/proc/${agents}/environ`, 'utf8');
  // Tools run here: it holds no vendor's key and can speak in nobody's name.
  assert.doesNotMatch(environment, /_API_KEY=|MASTER_KEY=|MOSAIC_CALLER_SEED=/);
  process.kill(agents, 'SIGKILL');
  await waitFor(() => isolated.output().includes('agents ended (SIGKILL)'));
  const again = await waitFor(async () => {
    const { status } = command(isolated.dataDir, 'status');
    return status === 0 && pidOf('agents');
  });
  assert.notEqual(again, agents);
  const { answer } = await complete(isolated, 'hello');
  assert.equal(answer.status, 200);

  const services = ['gateway', 'router', 'agents', 'providers', 'memory', 'jobs'].map(pidOf);
  const servers = descendants(isolated.pid).map(({ pid }) => pid);
  await isolated.kill9();
  await waitFor(() => services.every((pid) => !isAlive(pid)));
  // The servers are ended by the next start on this directory; here by their test.
  for (const pid of servers.filter(isAlive)) process.kill(pid, 'SIGKILL');
});
