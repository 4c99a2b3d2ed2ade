import assert from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTree, repository, runIn, runScript } from './temporary-tree.ts';

const vendorFiles = ['anthropic', 'openai', 'openrouter', 'zai', 'ollama'].flatMap((vendor) =>
  ['adapter', 'wire', 'translation', 'models'].map(
    (name) => `services/providers/src/${vendor}/${name}.ts`,
  ),
);
const wellLaidOut = {
  'package.json': '{"workspaces":["services/*"]}',
  'services/providers/package.json': '{"name":"@mosaic/providers"}',
  'services/providers/src/main.ts': 'export const a = 1;\n',
  'services/providers/src/app/choose-model.ts': 'export const a = 1;\n',
  ...Object.fromEntries(vendorFiles.map((path) => [path, 'export const a = 1;\n'])),
};
const lines = (count: number): string => 'export {};\n'.repeat(count);
const app = 'services/providers/src/app';

test('a tree that keeps every rule passes', (t) => {
  const { code, output } = runScript('check-layout.ts', makeTree(t, wellLaidOut));
  assert.equal(code, 0, output);
});

const refusals: readonly {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly says: RegExp;
}[] = [
  {
    what: 'a file of 301 lines',
    files: { [`${app}/long.ts`]: lines(301) },
    says: /app\/long\.ts: 301 lines, at most 300: split it/,
  },
  {
    what: 'a test of 401 lines',
    files: { 'services/providers/test/long.test.ts': lines(401) },
    says: /long\.test\.ts: 401 lines, at most 400/,
  },
  {
    what: 'a thirteenth file in a folder',
    files: Object.fromEntries(Array.from({ length: 13 }, (_, n) => [`${app}/many/f${n}.ts`, ''])),
    says: /app\/many: 13 source files, at most 12/,
  },
  {
    what: 'a name without meaning',
    files: { [`${app}/string-utils.ts`]: '' },
    says: /string-utils\.ts: "string-utils" says nothing/,
  },
  {
    what: 'a folder without meaning',
    files: { [`${app}/common/parse-text.ts`]: '' },
    says: /app\/common: "common" says nothing/,
  },
  {
    what: 'a name in camel case',
    files: { [`${app}/chooseRoute.ts`]: '' },
    says: /"chooseRoute" is not kebab-case/,
  },
  {
    what: 'a main.ts that does more than wiring',
    files: { 'services/providers/src/main.ts': lines(61) },
    says: /main\.ts: over 60 lines/,
  },
  {
    what: 'the environment read in two files',
    files: {
      [`${app}/one.ts`]: "export const a = process.env['A'];",
      [`${app}/two.ts`]: 'export const { env } = process;',
    },
    says: /services\/providers: process\.env is read in 2 files \(src\/app\/one\.ts, src\/app\/two\.ts\)/,
  },
  {
    what: 'a service without main.ts and app/',
    files: { 'services/router/package.json': '{}' },
    says: /services\/router: has no src\/main\.ts[^\n]*\nservices\/router: has no src\/app\//,
  },
];

for (const { what, files, says } of refusals) {
  test(`refuses ${what}`, (t) => {
    const { code, output } = runScript(
      'check-layout.ts',
      makeTree(t, { ...wellLaidOut, ...files }),
    );
    assert.equal(code, 1, output);
    assert.match(output, says);
  });
}

test('refuses a vendor that lacks one of its files', (t) => {
  const root = makeTree(t, wellLaidOut);
  rmSync(join(root, 'services/providers/src/zai/wire.ts'));
  const { code, output } = runScript('check-layout.ts', root);
  assert.equal(code, 1);
  assert.match(output, /providers\/src\/zai: has no wire\.ts: add it/);
});

test('a comment that names process.env is not a read', (t) => {
  const comment = '// never read process.env here\nexport const a = 1;\n';
  const files = { [`${app}/one.ts`]: comment, [`${app}/two.ts`]: comment };
  const { code, output } = runScript('check-layout.ts', makeTree(t, { ...wellLaidOut, ...files }));
  assert.equal(code, 0, output);
});

test('the linter refuses long functions, many parameters, default exports, any and enums', (t) => {
  const body = '  console.log(1);\n'.repeat(61);
  const root = makeTree(t, {
    'src/bad.ts': `export function long(): void {\n${body}}
export const four = (a: number, b: number, c: number, d: number): number => a + b + c + d;
export default function unnamed(value: any): void { value!.run(); }
export enum Colour { Red }
`,
  });
  copyFileSync(join(repository, 'biome.json'), join(root, 'biome.json'));
  const biome = join(repository, 'node_modules/.bin/biome');
  const { code, output } = runIn(root, [
    biome,
    'lint',
    '--vcs-enabled=false',
    '--reporter=summary',
    '.',
  ]);
  assert.equal(code, 1, output);
  for (const rule of [
    'noExcessiveLinesPerFunction',
    'useMaxParams',
    'noDefaultExport',
    'noExplicitAny',
    'noNonNullAssertion',
    'noEnum',
  ]) {
    assert.match(output, new RegExp(`/${rule} `));
  }
});
