import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { keepMcpServers, type McpServers } from '../../src/tools/mcp/mcp-servers.ts';
import { mcpServersSetting } from '../../src/tools/mcp/mcp-settings.ts';
import { type McpOverHttp, serveMcpOverHttp } from './mcp-over-http.ts';
import { contextOf, runnerOf } from './tool-rig.ts';

const stdioFile = fileURLToPath(new URL('./mcp-stdio-process.ts', import.meta.url));
const log = createLogger('silent');
const tools = ['note', 'where', 'slow', 'dying', 'huge'];

let http: McpOverHttp;
let root: string;
let configs: ReturnType<typeof mcpServersSetting.schema.parse>;
const opened: McpServers[] = [];

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'mcp-people-'));
  http = await serveMcpOverHttp();
  const args = [stdioFile, 'kept-in={person}/notes.json'];
  configs = mcpServersSetting.schema.parse(
    JSON.stringify({
      local: { command: process.execPath, args, tools, timeoutS: 120 },
      web: { url: http.url, tools, timeoutS: 120 },
      one: { command: process.execPath, args: [stdioFile], tools, shared: true },
    }),
  );
});
after(async () => {
  await Promise.all(opened.map((servers) => servers.stop()));
  http.stop();
  await rm(root, { recursive: true });
});

async function open(
  names: readonly string[],
  limits: { most?: number; idleMs?: number } = {},
): Promise<McpServers> {
  const chosen = Object.fromEntries(
    Object.entries(configs).filter(([name]) => names.includes(name)),
  );
  const parts = { configs: chosen, root, log, limits: { most: 8, idleMs: 60_000, ...limits } };
  const servers = keepMcpServers(parts);
  opened.push(servers);
  const isThere = () => servers.tools().length === tools.length * names.length;
  await waitFor(isThere);
  return servers;
}

const runFor = (servers: McpServers, person: string) =>
  runnerOf(servers.tools(), contextOf(person, 'c1'));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** What runs on this machine, with all arguments. */
const programs = () => execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' });

/** Process, folder and the rest of its arguments. */
async function whereIs(servers: McpServers, person: string, server = 'local') {
  const { output } = await runFor(servers, person)(`mcp:${server}:where`, {});
  const [pid = '', folder = '', rest = ''] = output.split(' ');
  return { pid: Number(pid), folder, rest };
}

test('what a server keeps between calls is one person’s, over both transports', async () => {
  const servers = await open(['local', 'web', 'one']);
  for (const server of ['local', 'web']) {
    const note = (person: string, text: string) =>
      runFor(servers, person)(`mcp:${server}:note`, { text });
    const together = ['mia', 'eve'].map((person) => note(person, `${person}-1`));
    const first = await Promise.all(together);
    assert.deepEqual(
      first.map(({ output }) => output),
      ['mia-1', 'eve-1'],
      server,
    );
    assert.equal((await note('mia', 'mia-2')).output, 'mia-1 mia-2', `${server} keeps her notes`);
    assert.equal((await note('eve', 'eve-2')).output, 'eve-1 eve-2', `${server} keeps his`);
  }
  const shared = (person: string) => runFor(servers, person)('mcp:one:note', { text: person });
  assert.equal((await shared('mia')).output, 'mia');
  assert.equal((await shared('eve')).output, 'mia eve', 'shared, as the operator wished');
});

test('each person’s process stands in a folder of theirs, which its settings can name', async () => {
  const servers = await open(['local']);
  const [mia, eve] = await Promise.all(['mia', 'eve'].map((name) => whereIs(servers, name)));
  assert.notEqual(mia?.pid, eve?.pid);
  assert.equal(mia?.folder, join(root, 'mia', '.mcp', 'local'));
  assert.equal(mia?.rest, `kept-in=${mia?.folder}/notes.json`);
  assert.equal(eve?.folder, join(root, 'eve', '.mcp', 'local'));
});

test('who only looks at the tools starts nothing, and sees what is theirs', async () => {
  const servers = await open(['local', 'web', 'one']);
  const before = http.sessionCount();
  const stateOf = (person: string) =>
    servers.states(person).map(({ isOwnOpen, isShared, name }) => [name, isShared, isOwnOpen]);
  const nothing = [
    ['local', false, false],
    ['web', false, false],
    ['one', true, false],
  ];
  assert.deepEqual(stateOf('max'), nothing);
  assert.ok(servers.tools().length === 3 * tools.length);
  assert.equal(http.sessionCount(), before);
  assert.ok(!readdirSync(root).includes('max'));
  await whereIs(servers, 'max');
  assert.deepEqual(stateOf('max')[0], ['local', false, true]);
  assert.deepEqual(stateOf('mia'), nothing, 'nobody sees what another has open');
});

test('an answer without measure ends as a failed call, and the next one is heard', async () => {
  const servers = await open(['web']);
  const huge = await runFor(servers, 'mia')('mcp:web:huge', {});
  assert.equal(huge.outcome, 'failed');
  const next = await runFor(servers, 'mia')('mcp:web:note', { text: 'still here' });
  assert.match(next.output, /still here/);
});

test('an unused one is ended, with its session, and comes back when it is asked', async () => {
  const servers = await open(['local', 'web'], { idleMs: 50 });
  const before = http.sessionCount();
  const { pid } = await whereIs(servers, 'mia');
  await runFor(servers, 'mia')('mcp:web:note', { text: 'x' });
  await waitFor(() => !isAlive(pid) && http.sessionCount() === before);
  const again = await whereIs(servers, 'mia');
  assert.notEqual(again.pid, pid);
});

test('one that is at work is never ended for another; without room the call says so', async () => {
  const servers = await open(['local'], { most: 2 });
  const first = await whereIs(servers, 'mia');
  const second = await whereIs(servers, 'eve');
  await whereIs(servers, 'mia');
  const third = await whereIs(servers, 'max');
  assert.ok(!isAlive(second.pid) && isAlive(first.pid), 'the one idle longest made room');
  const stop = new AbortController();
  const working = ['mia', 'max'].map((person) =>
    runFor(servers, person)('mcp:local:slow', {}, stop.signal),
  );
  const refused = await runFor(servers, 'eve')('mcp:local:note', { text: 'x' });
  assert.equal(refused.outcome, 'failed');
  assert.match(refused.output, /^All 2 connections to MCP servers are busy .*Try again/);
  assert.match(servers.trouble() ?? '', /all 2 MCP connections are taken/);
  assert.ok(isAlive(first.pid) && isAlive(third.pid));
  stop.abort();
  await Promise.all(working);
  await waitFor(async () => (await whereIs(servers, 'eve')).pid > 0);
  assert.ok(isAlive(first.pid) !== isAlive(third.pid), 'one of the two made room');
});

test('a crash is one person’s: their next call starts anew, the other notices nothing', async () => {
  const servers = await open(['local']);
  const note = (person: string, text: string) =>
    runFor(servers, person)('mcp:local:note', { text });
  await Promise.all([note('mia', 'm'), note('eve', 'e')]);
  const [dying, noting] = await Promise.all([
    runFor(servers, 'mia')('mcp:local:dying', {}),
    note('eve', 'e2'),
  ]);
  assert.equal(dying.outcome, 'failed');
  assert.equal(noting.output, 'e e2');
  assert.equal((await note('mia', 'new')).output, 'new');
  assert.equal((await note('eve', 'e3')).output, 'e e2 e3');
});

test('the removal of a person ends theirs, and the end of Mosaic ends all', async () => {
  const servers = await open(['local', 'one']);
  const [mia, eve] = await Promise.all(['mia', 'eve'].map((name) => whereIs(servers, name)));
  const shared = await whereIs(servers, 'eve', 'one');
  await servers.endFor('mia');
  assert.ok(!isAlive(mia?.pid ?? 0) && isAlive(eve?.pid ?? 0));
  // One that is still being started ends as well.
  const starting = runFor(servers, 'leo')('mcp:local:where', {});
  await waitFor(() => programs().includes(join(root, 'leo')));
  await servers.stop();
  assert.ok(!isAlive(eve?.pid ?? 0) && !isAlive(shared.pid));
  assert.ok(!programs().includes(join(root, 'leo')));
  assert.equal((await starting).outcome, 'failed');
  const late = await runFor(servers, 'eve')('mcp:local:note', { text: 'x' });
  assert.equal(late.outcome, 'refused');
});
