import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileTools } from '../../src/tools/files/file-tools.ts';
import { folderObstacle } from '../../src/tools/obstacles/folder-obstacle.ts';
import { contextOf, runnerOf } from './tool-rig.ts';

let root: string;
let secrets: string;
let workspace: string;
let run: ReturnType<typeof runnerOf>;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'workspaces-'));
  // On the same disk, so that a hard link to it can be made.
  secrets = await mkdtemp(join(tmpdir(), 'secrets-'));
  await writeFile(join(secrets, 'key'), 'top secret');
  workspace = join(root, 'mia', 'c1');
  await mkdir(workspace, { recursive: true });
  await mkdir(join(root, 'eve', 'c1'), { recursive: true });
  await writeFile(join(root, 'eve', 'c1', 'diary'), 'dear diary');
  await symlink(join(secrets, 'key'), join(workspace, 'link-to-file'));
  await symlink(secrets, join(workspace, 'link-to-folder'));
  await symlink(join(secrets, 'not-there-yet'), join(workspace, 'dangling'));
  await symlink('loop', join(workspace, 'loop'));
  await symlink('../../eve/c1', join(workspace, 'neighbour'));
  await link(join(secrets, 'key'), join(workspace, 'hard-link'));
  execFileSync('mkfifo', [join(workspace, 'pipe')]);
  run = runnerOf(fileTools(root), contextOf('mia', 'c1'));
});
after(async () => {
  await rm(root, { recursive: true, force: true });
  await rm(secrets, { recursive: true, force: true });
});

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
  'C:\\Windows\\win.ini',
  'neighbour/diary',
  'hard-link',
  'pipe',
  './link-to-folder/./key',
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
    const tried = [
      await run('write_file', { path, content: 'mine now' }),
      await run('read_file', { path }),
      await run('edit_file', { path, old: 'e', new: 'x', all: true }),
    ];
    for (const { isError, output } of tried) {
      assert.equal(isError, true, output);
      assert.doesNotMatch(output, /top secret|dear diary|root:|at .*\.ts|secrets-/);
    }
    const found = [
      await run('list_files', { folder: path }),
      await run('grep_files', { pattern: '.', folder: path }),
    ];
    for (const { output } of found) {
      const told = output.replaceAll(path.slice(0, 200), '');
      assert.doesNotMatch(told, /key|diary|secret/);
    }
    assert.deepEqual(await readdir(secrets), ['key']);
    assert.equal(await readFile(join(secrets, 'key'), 'utf8'), 'top secret');
    assert.equal(await readFile(join(root, 'eve', 'c1', 'diary'), 'utf8'), 'dear diary');
  });
}

test('a folder that is swapped for a link while files are written leads nowhere', async () => {
  await mkdir(join(workspace, 'swap'));
  let isOver = false;
  const clear = (name: string) => rm(join(workspace, name), { recursive: true, force: true });
  const swap = async () => {
    await rename(join(workspace, 'swap'), join(workspace, 'aside'));
    await symlink(secrets, join(workspace, 'swap'));
    await rm(join(workspace, 'swap'));
    await rename(join(workspace, 'aside'), join(workspace, 'swap'));
  };
  const swapping = (async () => {
    while (!isOver) {
      // The tool may have made the folder anew while it was aside.
      await swap().catch(() => clear('swap').catch(() => undefined));
    }
  })();
  let written = 0;
  for (let round = 0; round < 150; round += 1) {
    const { isError } = await run('write_file', { path: `swap/new-${round}`, content: 'x' });
    if (!isError) written += 1;
    const { output } = await run('read_file', { path: 'swap/key' });
    assert.doesNotMatch(output, /top secret/);
  }
  isOver = true;
  await swapping;
  assert.ok(written > 0, 'between the swaps it is a folder like any other');
  assert.deepEqual(await readdir(secrets), ['key']);
  await clear('swap');
  await clear('aside');
});

test('odd but harmless names stay inside', async () => {
  for (const path of ['...', 'a..b', '~/x', '%2e%2e/x', '-rf', 'CON', 'a\\b', '文件/表 1.txt']) {
    const written = await run('write_file', { path, content: path });
    assert.equal(written.isError, false, written.output);
    assert.equal((await run('read_file', { path })).output, path);
  }
  assert.deepEqual(await readdir(root), ['eve', 'mia']);
});

test('the list and the search follow no link', async () => {
  const { output } = await run('list_files', {});
  assert.match(output, /%2e%2e\/x/);
  assert.doesNotMatch(output, /key|diary|link-to|dangling|pipe/);
  assert.doesNotMatch((await run('grep_files', { pattern: 'secret|diary' })).output, /:\d+:/);
});

test('two people and two conversations have workspaces of their own', async () => {
  await run('write_file', { path: 'mine.txt', content: 'of mia' });
  for (const other of [contextOf('eve', 'c1'), contextOf('mia', 'c2')]) {
    const theirs = runnerOf(fileTools(root), other);
    assert.equal((await theirs('read_file', { path: 'mine.txt' })).isError, true);
    assert.doesNotMatch((await theirs('list_files', {})).output, /mine/);
  }
});

test('a piece is replaced exactly, and only where it is meant', async () => {
  const path = 'code/main.py';
  await run('write_file', { path, content: 'a = 1\nb = $&\nc = 1\n' });
  const absent = await run('edit_file', { path, old: 'a = 2', new: 'x' });
  assert.match(absent.output, /not in the file/);
  const twice = await run('edit_file', { path, old: '= 1', new: '= 2' });
  assert.match(twice.output, /2 times/);
  await run('edit_file', { path, old: 'b = $&', new: "b = '$1$&'" });
  await run('edit_file', { path, old: '= 1', new: '= 2', all: true });
  assert.equal((await run('read_file', { path })).output, "a = 2\nb = '$1$&'\nc = 2\n");
  const some = await run('read_file', { path, fromLine: 2, lines: 1 });
  assert.equal(some.output, "b = '$1$&'");
});

test('lines are found by a pattern, with file and number', async () => {
  await run('write_file', { path: 'notes/a.md', content: 'one\nTwo 二\nthree' });
  const found = await run('grep_files', {
    pattern: 't(wo|hree)',
    folder: 'notes',
    ignoreCase: true,
  });
  assert.equal(found.output, 'notes/a.md:2: Two 二\nnotes/a.md:3: three');
  const refused = await run('grep_files', { pattern: '(a)\\1' });
  assert.match(refused.output, /Not a pattern/);
});

test('a pattern that would take others hours is found in the time of the text', async () => {
  await run('write_file', { path: 'long.txt', content: `${'a'.repeat(100_000)}!` });
  const { output } = await run('grep_files', { pattern: '(a+)+b$', folder: '' });
  assert.doesNotMatch(output, /long\.txt/);
});

test('what is no text is not read as one, and not searched', async () => {
  await writeFile(join(workspace, 'photo.png'), Buffer.from([0x89, 0x50, 0xff, 0x00]));
  assert.match((await run('read_file', { path: 'photo.png' })).output, /no text/);
  await writeFile(join(workspace, 'huge.txt'), 'x'.repeat(1_000_001));
  assert.match((await run('read_file', { path: 'huge.txt' })).output, /1000001 bytes/);
});

test('a failing tool, an unknown one and wrong arguments are error results', async () => {
  assert.equal((await run('read_file', { path: 'not-there' })).outcome, 'failed');
  const unknown = await run('shell', {});
  assert.deepEqual([unknown.outcome, unknown.output], ['refused', 'There is no tool "shell".']);
  assert.match((await run('read_file', { path: 7 })).output, /Wrong arguments/);
  const folder = await run('write_file', { path: 'a..b/x', content: '' });
  assert.equal(folder.isError, true, 'a file stands where a folder is wanted');
});

test('a folder that can not be made is an obstacle, which names no path of the machine', async () => {
  const asking = contextOf('mia', 'c1');
  assert.equal(await folderObstacle(root)(asking), null);
  const file = join(workspace, 'photo.png');
  const found = await folderObstacle(join(file, 'workspaces'))(asking);
  assert.match(found?.reason ?? '', /can not be written/);
  assert.doesNotMatch(JSON.stringify(found), /photo/);
});
