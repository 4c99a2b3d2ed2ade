import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileTools } from '../src/tools/files.ts';
import type { ToolContext } from '../src/tools/tool.ts';
import { makeToolbox, type Toolbox } from '../src/tools/toolbox.ts';

let root: string;
let secrets: string;
let toolbox: Toolbox;
const context: ToolContext = {
  caller: { userId: 'mia', role: 'member', token: 't' },
  trace: 'trace',
  conversationId: 'c1',
  signal: new AbortController().signal,
};

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'workspaces-'));
  secrets = await mkdtemp(join(tmpdir(), 'secrets-'));
  await writeFile(join(secrets, 'key'), 'top secret');
  const workspace = join(root, 'mia', 'c1');
  await mkdir(workspace, { recursive: true });
  await mkdir(join(root, 'eve', 'c1'), { recursive: true });
  await writeFile(join(root, 'eve', 'c1', 'diary'), 'dear diary');
  await symlink(join(secrets, 'key'), join(workspace, 'link-to-file'));
  await symlink(secrets, join(workspace, 'link-to-folder'));
  await symlink(join(secrets, 'not-there-yet'), join(workspace, 'dangling'));
  await symlink('loop', join(workspace, 'loop'));
  toolbox = makeToolbox(fileTools(root));
});
after(async () => {
  await rm(root, { recursive: true, force: true });
  await rm(secrets, { recursive: true, force: true });
});

const run = (name: string, args: Record<string, unknown>) =>
  toolbox.run({ id: 'k', name, arguments: args }, context);

const escapes = [
  '..',
  '../',
  '../../eve/c1/diary',
  './../../eve/c1/diary',
  'a/../../../eve/c1/diary',
  'a/b/../../../x',
  '/etc/passwd',
  '//etc/passwd',
  '\\etc\\..\\..\\passwd',
  '..\\..\\eve\\c1\\diary',
  'a\\..\\..\\x',
  'a/..\\../x',
  'link-to-file',
  'link-to-folder/key',
  'link-to-folder/new-file',
  'link-to-folder/new/folder/file',
  'dangling',
  'dangling/file',
  'loop',
  'loop/file',
  'nul\0byte',
  'link-to-file\0.txt',
  '',
  'x'.repeat(300),
  'x'.repeat(100_000),
  `${'a/'.repeat(240)}..`,
];

for (const path of escapes) {
  const shown = JSON.stringify(path.slice(0, 40));
  test(`no tool reaches ${shown} (${path.length})`, async () => {
    const written = await run('write_file', { path, content: 'mine now' });
    assert.equal(written.isError, true, written.output);
    const read = await run('read_file', { path });
    assert.equal(read.isError, true, read.output);
    assert.doesNotMatch(read.output + written.output, /top secret|dear diary|root:|at .*\.ts/);
    assert.deepEqual(await readdir(secrets), ['key']);
  });
}

test('odd but harmless names stay inside', async () => {
  for (const path of ['...', 'a..b', '~/x', '%2e%2e/x', '-rf', 'CON', 'a\\b']) {
    const written = await run('write_file', { path, content: path });
    assert.equal(written.isError, false, written.output);
    assert.equal((await run('read_file', { path })).output, path);
  }
  assert.deepEqual(await readdir(root), ['eve', 'mia']);
});

test('the list shows files of the workspace and follows no link', async () => {
  const { output } = await run('list_files', {});
  assert.doesNotMatch(output, /key|diary|link|dangling/);
});

test('a failing tool, an unknown one and wrong arguments are error results', async () => {
  const failing = await run('read_file', { path: 'not-there' });
  assert.deepEqual([failing.isError, failing.callId], [true, 'k']);
  assert.match((await run('shell', {})).output, /no tool "shell"/);
  assert.match((await run('read_file', { path: 7 })).output, /Wrong arguments/);
  const folder = await run('write_file', { path: 'a..b/x', content: '' });
  assert.equal(folder.isError, true, 'a file stands where a folder is wanted');
});
