import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { waitFor } from '@mosaic/test-kit';
import { fileTools } from '../../src/tools/files/file-tools.ts';
import { findSandboxObstacle } from '../../src/tools/obstacles/shell-obstacle.ts';
import { shellTool } from '../../src/tools/shell/shell.ts';
import { contextOf, runnerOf } from './tool-rig.ts';

let root: string;
let secret: string;
let run: ReturnType<typeof runnerOf>;
/** With a deadline that some commands pass. */
let runBriefly: ReturnType<typeof runnerOf>;
let server: Server;
let visits = 0;
const canSandbox =
  spawnSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']).status === 0;

before(async () => {
  process.env['ANTHROPIC_API_KEY'] = 'sk-secret-of-this-process';
  root = await mkdtemp(join(tmpdir(), 'workspaces-'));
  secret = await mkdtemp(join(tmpdir(), 'secrets-'));
  await writeFile(join(secret, 'key'), 'top secret');
  server = createServer((socket) => {
    visits += 1;
    socket.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const runnerWithin = (deadlineMs: number) =>
    runnerOf([shellTool({ root, deadlineMs }), ...fileTools(root)], contextOf('mia', 'c1'));
  run = runnerWithin(60_000);
  runBriefly = runnerWithin(2_000);
});
after(async () => {
  server.close();
  await rm(root, { recursive: true, force: true });
  await rm(secret, { recursive: true, force: true });
});

const shell = (command: string) => run('shell', { command });

/** Where there is no bubblewrap the one claim is that the tool says how to get it. */
const inSandbox = (claim: string, check: () => Promise<void>) =>
  test(canSandbox ? claim : `without bubblewrap: ${claim}`, async () => {
    if (canSandbox) return await check();
    const { outcome, output } = await shell('true');
    assert.equal(outcome, 'failed');
    assert.match(output, /needs bubblewrap|sandbox can't be made/);
  });

inSandbox('a command works on the files of the workspace', async () => {
  await run('write_file', { path: 'a.txt', content: 'b\na\n' });
  const { output } = await shell(
    'sort a.txt > sorted.txt; pwd; cat sorted.txt; echo oops >&2; exit 3',
  );
  assert.equal(output, '[Exit code 3]\n/workspace\na\nb\noops\n');
  assert.equal((await run('read_file', { path: 'sorted.txt' })).output, 'a\nb\n');
});

inSandbox('nothing of the machine is seen but its programs', async () => {
  const { output } = await shell(
    `ls / ; ls /etc /home /root /work /var ${root} ${secret} 2>&1; cat ${secret}/key /etc/shadow 2>&1`,
  );
  assert.doesNotMatch(output, /top secret|root:|passwd|c1/);
  for (const folder of ['home', 'root', 'var', 'work', 'app']) {
    assert.doesNotMatch(output, new RegExp(`^${folder}$`, 'm'));
  }
  const tried = await shell(
    'touch /usr/bin/x /etc/x /x 2>&1; mount -t tmpfs none /usr 2>&1; unshare -Ur true 2>&1; echo end',
  );
  assert.match(tried.output, /end\n$/);
  assert.match(tried.output, /Read-only file system/);
  assert.match(tried.output, /unshare: .*(?:failed|No space)/);
});

inSandbox('no environment and no process of Mosaic is seen', async () => {
  const { output } = await shell(
    'env; cat /proc/*/environ | tr "\\\\0" "\\\\n"; ls /proc; cat /proc/*/cmdline',
  );
  assert.doesNotMatch(output, /sk-secret|ANTHROPIC|NATS|MOSAIC/);
  assert.doesNotMatch(output, /shell\.test/);
});

inSandbox('there is no network, not even to this machine', async () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const { output } = await shell(
    `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}' 2>&1; grep -c : /proc/net/dev`,
  );
  assert.match(output, /Connection refused|unreachable/);
  assert.match(output, /^1$/m, 'a loopback of its own and no other device');
  assert.equal(visits, 0);
});

inSandbox('what takes too long is killed with everything that it started', async () => {
  const marker = `sleep 31${String(process.pid).slice(-4)}`;
  const command = `(${marker} &) ; (setsid ${marker} &); ${marker}`;
  const { outcome } = await runBriefly('shell', { command });
  assert.equal(outcome, 'timed-out');
  const left = () => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(marker);
  await waitFor(() => !left());
});

inSandbox('what is left running in the background ends with its command', async () => {
  const marker = `sleep 32${String(process.pid).slice(-4)}`;
  assert.equal((await shell(`nohup ${marker} > /dev/null 2>&1 &`)).outcome, 'ran');
  const left = () => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(marker);
  await waitFor(() => !left());
});

inSandbox('output without end is cut, and a file without end too', async () => {
  const { outcome, output } = await shell('head -c 5000000 /dev/zero | tr "\\\\0" x');
  assert.equal(outcome, 'ran');
  assert.match(output, /Cut: 20000 of \d+ characters/);
  await shell('yes > big; true');
  const { size } = await stat(join(root, 'mia', 'c1', 'big'));
  assert.ok(size <= 409_600 * 512, String(size));
});

inSandbox('links that a command leaves behind lead no file tool out', async () => {
  await shell(`ln -s ${secret} away; ln -s ${secret}/key key; ln -s /etc etc`);
  for (const path of ['away/key', 'key', 'etc/passwd']) {
    assert.equal((await run('read_file', { path })).isError, true, path);
    assert.equal((await run('write_file', { path, content: 'x' })).isError, true, path);
  }
  assert.equal(await readFile(join(secret, 'key'), 'utf8'), 'top secret');
});

inSandbox('two people have workspaces of their own', async () => {
  await shell('echo mine > mine.txt');
  const eve = runnerOf([shellTool({ root })], contextOf('eve', 'c1'));
  const { output } = await eve('shell', {
    command: 'ls -a . .. /workspace; find /workspace /tmp',
  });
  assert.doesNotMatch(output, /mine/);
  assert.deepEqual((await readdir(root)).sort(), ['eve', 'mia']);
});

test('without bubblewrap the tool says how to install it', async () => {
  const nowhere = runnerOf(
    [shellTool({ root, program: '/nowhere/bwrap' })],
    contextOf('mia', 'c1'),
  );
  const { outcome, output } = await nowhere('shell', { command: 'true' });
  assert.equal(outcome, 'failed');
  assert.match(
    output,
    /needs bubblewrap, which is not installed here \(apt-get install bubblewrap/,
  );
});

test('whether the sandbox works is tried, and without bubblewrap said with what to do', async () => {
  assert.equal((await findSandboxObstacle('bwrap')) === null, canSandbox);
  const missing = await findSandboxObstacle('/nowhere/bwrap');
  assert.match(missing?.reason ?? '', /needs bubblewrap, which is not installed here/);
  assert.match(missing?.advice ?? '', /docs\/tools\.md/);
});
