import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeTree, type Outcome, repository, runIn } from './temporary-tree.ts';

const workspaces = [
  'proto',
  'packages/service-kit',
  'packages/test-kit',
  'services/a',
  'services/b',
];

/** A small repository with the real rules, whose workspaces are linked as npm links them. */
function cruise(t: TestContext, files: Readonly<Record<string, string>>): Outcome {
  const manifests = workspaces.map((folder) => {
    const name = `@mosaic/${folder.split('/').at(-1)}`;
    return [`${folder}/package.json`, JSON.stringify({ name, exports: './src/index.ts' })];
  });
  const indexes = workspaces.map((folder) => [`${folder}/src/index.ts`, 'export type T = 1;\n']);
  const root = makeTree(t, {
    'package.json': JSON.stringify({ type: 'module', workspaces, dependencies: { pg: '1' } }),
    ...Object.fromEntries([...manifests, ...indexes]),
    'clients/web/src/main.tsx': 'export const A = () => <p>import this</p>;\n',
    'node_modules/pg/package.json': '{"name":"pg","main":"index.js"}',
    'node_modules/pg/index.js': '',
    ...files,
  });
  mkdirSync(join(root, 'node_modules/@mosaic'));
  for (const folder of workspaces) {
    const link = join(root, 'node_modules/@mosaic', folder.split('/').at(-1) ?? '');
    symlinkSync(join(root, folder), link, 'dir');
  }
  const cruiser = join(repository, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const config = join(repository, '.dependency-cruiser.mjs');
  const options = [`--config=${config}`, '--output-type=err-long'];
  const folders = ['proto', 'packages', 'services', 'clients'];
  return runIn(root, [process.execPath, cruiser, ...options, ...folders]);
}

test('imports along the arrows pass', (t) => {
  const { code, output } = cruise(t, {
    'services/a/src/index.ts': "export type { T } from '@mosaic/service-kit';\n",
    'services/a/src/stores/messages.ts': "import 'pg';\n",
    'services/a/src/app/choose.ts': "import type { T } from '@mosaic/proto';\nexport type U = T;\n",
    'services/a/test/choose.test.ts': "import '@mosaic/test-kit';\nimport 'pg';\n",
  });
  assert.equal(code, 0, output);
  assert.doesNotMatch(output, /missing-/);
});

const refusals = [
  ['services-stay-apart', 'services/a/src/index.ts', "import type { T } from '@mosaic/b';"],
  ['proto-stands-alone', 'proto/src/index.ts', "import type { T } from '@mosaic/service-kit';"],
  ['packages-know-no-service', 'packages/service-kit/src/x.ts', "import '@mosaic/a';"],
  ['clients-know-proto-only', 'clients/web/src/main.tsx', "import('@mosaic/a');"],
  ['test-packages-only-in-tests', 'services/a/src/x.ts', "import '@mosaic/test-kit';"],
  ['import-workspaces-by-name', 'services/a/src/x.ts', "import '../../../proto/src/index.ts';"],
  ['one-place-for-nats', 'services/a/src/x.ts', "import '@nats-io/transport-node';"],
  ['one-place-for-sql', 'services/a/src/x.ts', "import type { Client } from 'pg';"],
  ['one-place-for-openai', 'services/providers/src/zay/x.ts', "import 'openai';"],
  ['app-does-no-io', 'services/a/src/app/x.ts', "import { readFile } from 'node:fs/promises';"],
  ['app-does-no-io', 'services/a/src/app/x.ts', "import type { Client } from 'pg';"],
] as const;

for (const [rule, path, text] of refusals) {
  test(`${rule} refuses ${text} in ${path}`, (t) => {
    const { code, output } = cruise(t, { [path]: `${text}\nexport const x = 1;\n` });
    assert.notEqual(code, 0);
    assert.match(output, new RegExp(`error ${rule}: ${path.replaceAll('.', '\\.')}`));
  });
}

test('app/ may not know an adapter, not even its type', (t) => {
  const { output } = cruise(t, {
    'services/a/src/adapters/clock.ts': 'export type Clock = () => number;\n',
    'services/a/src/app/x.ts': "export type { Clock } from '../adapters/clock.ts';\n",
  });
  assert.match(output, /error app-knows-no-adapter/);
});

test('shipped code may not import from a test folder', (t) => {
  const { output } = cruise(t, {
    'services/a/test/sample.ts': 'export const x = 1;\n',
    'services/a/src/x.ts': "export { x } from '../test/sample.ts';\n",
  });
  assert.match(output, /error tests-are-not-imported/);
});

test('sees an import behind syntax newer than the walker', (t) => {
  const { output } = cruise(t, {
    'services/a/src/x.ts': `export async function open(): Promise<number> {
  await using pool = (await import('pg')).open() satisfies AsyncDisposable;
  using other = pool;
  return other as unknown as number;
}
`,
  });
  assert.match(output, /error one-place-for-sql: services\/a\/src\/x\.ts/);
});

test('a cycle at run time is refused, a cycle of types is not', (t) => {
  const runtime = cruise(t, {
    'services/a/src/x.ts': "import { y } from './y.ts';\nexport const x = y;\n",
    'services/a/src/y.ts': "import { x } from './x.ts';\nexport const y = x;\n",
  });
  assert.match(runtime.output, /error no-cycles/);
  const types = cruise(t, {
    'services/a/src/x.ts': "import type { Y } from './y.ts';\nexport type X = Y | 1;\n",
    'services/a/src/y.ts': "import type { X } from './x.ts';\nexport type Y = X[];\n",
  });
  assert.equal(types.code, 0, types.output);
});
