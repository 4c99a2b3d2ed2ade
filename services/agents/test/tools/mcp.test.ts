import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { keepMcpServers, type McpServers } from '../../src/tools/mcp/mcp-servers.ts';
import { mcpServersSetting } from '../../src/tools/mcp/mcp-settings.ts';
import { type McpOverHttp, serveMcpOverHttp, type ToldToMcp } from './mcp-over-http.ts';
import { contextOf, resultsHere, runnerOf } from './tool-rig.ts';

const stdioFile = fileURLToPath(new URL('./mcp-stdio-process.ts', import.meta.url));
const stdio = { command: process.execPath, args: [stdioFile], env: { TOKEN_OF_SERVER: 'x' } };
const log = createLogger('silent');

let http: McpOverHttp;
/** All that the HTTP server was told, with every header. */
const told: ToldToMcp[] = [];
let root: string;
let servers: McpServers;

before(async () => {
  process.env['ANTHROPIC_API_KEY'] = 'a secret of this process';
  http = await serveMcpOverHttp((one) => void told.push(one));
  const configs = mcpServersSetting.schema.parse(
    JSON.stringify({
      local: {
        ...stdio,
        tools: ['add', 'environment', 'failing', 'd*ing'],
        timeoutS: 60,
        shared: true,
      },
      hasty: { ...stdio, tools: ['slow'], timeoutS: 2, shared: true },
      web: {
        url: http.url,
        headers: { authorization: 'Bearer of-mosaic' },
        tools: ['add', 'curious', 'failing'],
        shared: true,
      },
      dead: { command: '/nowhere/at-all', tools: ['*'] },
      gone: { url: 'http://127.0.0.1:9/mcp', tools: ['*'] },
    }),
  );
  root = await mkdtemp(join(tmpdir(), 'mcp-test-'));
  servers = keepMcpServers({ configs, limits: { most: 8, idleMs: 60_000 }, root, log });
  await waitFor(() => servers.tools().length === 8);
});
after(async () => {
  await servers.stop();
  http.stop();
  await rm(root, { recursive: true });
});

const jsonOf = (values: readonly unknown[]) => new Set(values.map((one) => JSON.stringify(one)));

const run = (name: string, args: Record<string, unknown> = {}) =>
  runnerOf(servers.tools(), contextOf('mia', 'c1'), resultsHere())(name, args);

test('only what the operator allows is there, by the name of its server, and asks by default', () => {
  assert.deepEqual(
    servers.tools().map(({ name, defaultPolicy }) => `${name} ${defaultPolicy}`),
    [
      'mcp:local:add ask',
      'mcp:local:environment ask',
      'mcp:local:failing ask',
      'mcp:local:dying ask',
      'mcp:hasty:slow ask',
      'mcp:web:add ask',
      'mcp:web:failing ask',
      'mcp:web:curious ask',
    ],
  );
  assert.deepEqual(servers.tools()[0]?.parameters['required'], ['a', 'b']);
});

test('tools of a started program and of an address answer', async () => {
  assert.deepEqual(await run('mcp:local:add', { a: 2, b: 3 }), {
    output: '5',
    outcome: 'ran',
    isError: false,
  });
  assert.equal((await run('mcp:web:add', { a: 2, b: 4 })).output, '6');
  assert.ok(told.every(({ headers }) => headers.authorization === 'Bearer of-mosaic'));
});

test('a started server sees its own environment and nothing of Mosaic', async () => {
  const { output } = await run('mcp:local:environment');
  const names = output.split(' ');
  assert.ok(names.includes('TOKEN_OF_SERVER') && names.includes('PATH'));
  const strange = names.filter(
    (name) => !/^(TOKEN_OF_SERVER|PATH|HOME|LOGNAME|SHELL|TERM|USER)$/.test(name),
  );
  assert.deepEqual(strange, []);
});

test('failing, slow and wrongly called tools say so', async () => {
  assert.deepEqual(await run('mcp:local:failing'), {
    output: 'no such thing',
    outcome: 'failed',
    isError: true,
  });
  assert.equal((await run('mcp:web:failing')).output, 'no such thing');
  assert.equal((await run('mcp:hasty:slow')).outcome, 'timed-out');
  assert.equal((await run('mcp:local:add', { a: 'two' })).outcome, 'failed');
  assert.equal((await run('mcp:local:drop.table')).outcome, 'refused');
});

test('people share a connection where the operator says so, and a call for one carries nothing of the other', async () => {
  const since = told.length;
  const people = ['mia', 'eve'].map((name, index) => ({
    first: (index + 1) * 1_000,
    context: {
      ...contextOf(`person-${name}`, `talk-of-${name}`),
      caller: { userId: `person-${name}`, role: 'member' as const, token: `token-of-${name}` },
      trace: `trace-of-${name}`,
    },
  }));
  const asked = people.flatMap(({ context, first }) => {
    const runFor = runnerOf(servers.tools(), context, resultsHere());
    return Array.from({ length: 20 }, async (_, index) => {
      const { output } = await runFor('mcp:web:add', { a: first, b: index });
      assert.equal(output, String(first + index), 'everybody hears what they asked for');
    });
  });
  await Promise.all(asked);
  const calls = told.slice(since);
  assert.equal(calls.length, 40);
  assert.equal(new Set(calls.map(({ headers }) => headers['mcp-session-id'])).size, 1);
  const params = calls.map(({ body }) => (body as { params: { arguments: unknown } }).params);
  const allowed = people.flatMap(({ first }) =>
    Array.from({ length: 20 }, (_, b) => ({ name: 'add', arguments: { a: first, b } })),
  );
  assert.deepEqual(jsonOf(params), jsonOf(allowed), 'name and arguments are all that it gets');
  const ofSomebody = /.{20}(?:person-|talk-of-|trace-of-|token-of-|workspace).{20}/;
  assert.equal(ofSomebody.exec(JSON.stringify(calls)), null);
});

test('a server that asks back hears nothing: neither of folders nor of a conversation', async () => {
  assert.equal((await run('mcp:web:curious')).output, 'rejected,rejected');
});

test('people see what the operator left out, and which server is away, without the cause', async () => {
  const asking = contextOf('mia', 'c1');
  const known = servers.known();
  const reasonOf = async (name: string) =>
    (await known.find((tool) => tool.name === name)?.findObstacle?.(asking))?.reason ?? 'none';
  assert.equal(await reasonOf('mcp:web:add'), 'none');
  assert.equal(await reasonOf('mcp:web:drop.table'), 'The operator does not allow it.');
  assert.deepEqual(
    servers.states('mia').map(({ name, obstacle }) => [name, obstacle?.reason ?? 'there']),
    [
      ['local', 'there'],
      ['hasty', 'there'],
      ['web', 'there'],
      ['dead', 'The MCP server "dead" is not running.'],
      ['gone', 'The MCP server "gone" does not answer.'],
    ],
  );
  assert.doesNotMatch(JSON.stringify(servers.states('mia')), /nowhere|127\.0\.0\.1|ENOENT/);
});

test('a server that dies in the middle of a call ends that call, and is started again', async () => {
  const dying = await run('mcp:local:dying');
  assert.equal(dying.outcome, 'failed');
  assert.match(dying.output, /^local: /);
  const last = servers.known().find(({ name }) => name === 'mcp:local:add');
  assert.match(
    (await last?.findObstacle?.(contextOf('mia', 'c1')))?.reason ?? '',
    /"local" is not running/,
    'what it offered is still told of',
  );
  await waitFor(() => servers.tools().length === 8);
  assert.equal((await run('mcp:local:add', { a: 1, b: 1 })).output, '2');
});

test('a server that has forgotten us is greeted anew', async () => {
  http.forgetEverybody();
  await run('mcp:web:add', { a: 1, b: 1 });
  await waitFor(async () => (await run('mcp:web:add', { a: 2, b: 2 })).output === '4');
});

test('a file that can not be used says what is wrong with it', () => {
  const problemOf = (text: string) => {
    const read = mcpServersSetting.schema.safeParse(text);
    return read.success ? '' : (read.error.issues[0]?.message ?? '');
  };
  assert.match(problemOf('{'), /not JSON/);
  assert.match(problemOf('/nowhere/at-all.json'), /can't be read/);
  assert.match(problemOf('{"a": {"command": "x"}}'), /tools/);
  assert.match(
    problemOf('{"A_b": {"command": "x", "tools": ["*"]}}'),
    /Invalid key in record\n.*A_b/,
  );
  assert.match(problemOf('{"a": {"url": "file:///x", "tools": ["*"]}}'), /url/i);
  assert.match(
    problemOf('{"a": {"command": "x", "args": ["{person}"], "tools": ["*"], "shared": true}}'),
    /a shared server is nobody's/,
  );
  assert.equal(problemOf('{"mcpServers": {"a": {"command": "x", "tools": ["*"]}}}'), '');
});
