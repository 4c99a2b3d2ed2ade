import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeTree, repository, runIn } from './temporary-tree.ts';

const wrapper = 'scripts/with-node24.mjs';
const lock = { name: 'tiny', version: '1.0.0', lockfileVersion: 3, requires: true };

/** A clone with the real wrapper and a lock file that names no package: `npm ci` needs no network. */
function makeClone(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = makeTree(t, {
    'package.json': '{"name":"tiny","version":"1.0.0","type":"module"}',
    'package-lock.json': JSON.stringify({
      ...lock,
      packages: { '': { name: 'tiny', version: '1.0.0' } },
    }),
    ...files,
  });
  for (const name of ['with-node24.mjs', 'mosaic.mjs', 'install']) {
    cpSync(join(repository, 'scripts', name), join(root, 'scripts', name), { recursive: true });
  }
  return root;
}

test('runs a TypeScript file on Node 24 with its arguments, and keeps the exit code', (t) => {
  const root = makeTree(t, {
    'say.ts': `const first: string = process.argv[2] ?? '';
console.log(process.version, first, process.env['PATH']);
process.exit(7);`,
  });
  const { code, output } = runIn(root, [
    process.execPath,
    join(repository, wrapper),
    join(root, 'say.ts'),
    'one two',
  ]);
  assert.equal(code, 7, output);
  assert.match(output, /^v(?:2[4-9]|[3-9]\d)\.\S+ one two /);
  assert.ok(output.includes(`one two ${join(repository, 'node_modules/.bin')}`), output);
});

test('installs in a fresh clone, once, with one sentence', (t) => {
  const root = makeClone(t, { 'say.ts': "console.log('ran');" });
  const start = [process.execPath, wrapper, 'say.ts'];
  const first = runIn(root, start);
  // The clone has no Node package: the running Node, which is new enough, takes over.
  assert.equal(first.code, 0, first.output);
  assert.match(first.output, /^ran\nmosaic: installing dependencies [^\n]*\n$/);
  assert.equal(runIn(root, start).output, 'ran\n');
});

test('a changed lock file installs again', (t) => {
  const root = makeClone(t, { 'say.ts': "console.log('ran');" });
  const start = [process.execPath, wrapper, 'say.ts'];
  runIn(root, start);
  const stamp = join(root, 'node_modules/.mosaic-lock-hash');
  const before = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  const path = join(root, 'package-lock.json');
  writeFileSync(path, `${readFileSync(path, 'utf8')}\n`);
  assert.equal(runIn(root, start).code, 0);
  assert.notEqual(readFileSync(stamp, 'utf8'), before);
});

test('two starts at once install one after the other', async (t) => {
  const root = makeClone(t, { 'say.ts': "console.log('ran');" });
  const children = [1, 2].map(() =>
    spawn(process.execPath, [wrapper, 'say.ts'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  const outcomes = await Promise.all(
    children.map(async (child) => {
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
      const [code] = await once(child, 'close');
      return { code, said };
    }),
  );
  assert.deepEqual(
    outcomes.map(({ code }) => code),
    [0, 0],
  );
  const installations = outcomes.filter(({ said }) => said.includes('installing'));
  assert.equal(installations.length, 1, JSON.stringify(outcomes));
});

test('shows what npm said when the installation fails', (t) => {
  const root = makeClone(t, {
    'package.json': '{"name":"tiny","version":"1.0.0","dependencies":{"left-out":"1.0.0"}}',
    'say.ts': "console.log('ran');",
  });
  const { code, output } = runIn(root, [process.execPath, wrapper, 'say.ts']);
  assert.equal(code, 1);
  assert.match(output, /npm ci failed \(exit code 1\)[\s\S]*left-out/);
  assert.doesNotMatch(output, /^ran$/m);
});

test('passes a signal on and ends as the program does', async (t) => {
  const root = makeTree(t, {
    'wait.ts': `process.on('SIGTERM', () => process.exit(42));
setInterval(() => {}, 1000);
console.log('ready');`,
  });
  const child = spawn(process.execPath, [join(repository, wrapper), join(root, 'wait.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  assert.equal(code, 42);
});

test('the mosaic command starts the launcher, from any folder and through a link', (t) => {
  const root = makeClone(t, {
    'deploy/local/src/main.ts': "console.log('launcher', ...process.argv.slice(2));",
    'bin/.keep': '',
  });
  mkdirSync(join(root, 'elsewhere'));
  symlinkSync(join(root, 'scripts/mosaic.mjs'), join(root, 'bin/mosaic'));
  const path = join(root, 'bin/mosaic');
  const { output } = runIn(join(root, 'elsewhere'), [process.execPath, path, 'status', '--json']);
  assert.match(output, /^launcher status --json$/m);
});

test('says what to do when there is no Node for the platform', () => {
  const url = join(repository, 'scripts/install/find-node24.mjs');
  const ask = (machine: object): string => {
    const code = `import { findNode24 } from ${JSON.stringify(url)};
console.log(JSON.stringify(findNode24('/nowhere', ${JSON.stringify(machine)})));`;
    return runIn('.', [process.execPath, '--input-type=module', '--eval', code]).output;
  };
  const old = { platform: 'freebsd', arch: 'x64', version: 'v20.1.0', execPath: '/bin/node' };
  assert.match(
    ask(old),
    /no Node 24 package for freebsd-x64[^"]*install Node 24 or newer yourself/,
  );
  assert.match(ask({ ...old, platform: 'linux' }), /linux-x64 is not installed/);
  assert.match(ask({ ...old, version: 'v25.0.0' }), /"path":"\/bin\/node"/);
});
