import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { parseArchitectureTree } from '../rules/architecture-tree.ts';
import { makeTree, type Outcome, runIn, runScript } from './temporary-tree.ts';

const fence = '```';
const truthful = {
  'package.json': JSON.stringify({
    workspaces: ['proto', 'services/*'],
    scripts: { start: 'x', test: 'x', check: 'x' },
    devDependencies: { knip: '1' },
  }),
  'proto/package.json': '{"dependencies":{"zod":"4"}}',
  'services/router/package.json': '{"dependencies":{"@mosaic/proto":"*","zod":"4"}}',
  'docs/dependencies.md':
    '| Package | Where |\n| --- | --- |\n| `zod` | proto |\n| `knip` | root |\n',
  'ARCHITECTURE.md': `# Map\n${fence}\nmosaic/\n├── proto/       the contract\n└── services/\n    └── router/  which model\n${fence}\n`,
  'README.md': 'Run `npm start`, then `npm test` or `npm run check`.\n',
};

function check(t: TestContext, changes: Readonly<Record<string, string>>): Outcome {
  const root = makeTree(t, { ...truthful, ...changes });
  runIn(root, ['git', 'init', '-q', '.']);
  return runScript('check-docs.ts', root);
}

test('pages that tell the truth pass', (t) => {
  const { code, output } = check(t, {
    'services/router/src/main.ts': "export const port = { env: 'ROUTER_PORT' };\n",
    '.env.example': '# ROUTER_PORT=1\n',
  });
  assert.equal(code, 0, output);
});

// Put together here so that this file does not name a registry itself.
const registry = ['https://registry', 'npmjs', 'org'].join('.');

const lies: readonly {
  readonly what: string;
  readonly changes: Readonly<Record<string, string>>;
  readonly says: RegExp;
}[] = [
  {
    what: 'a drawn folder that does not exist',
    changes: {
      'ARCHITECTURE.md': `${fence}\nproto/\nservices/\n  router/\n  billing/\n${fence}\n`,
    },
    says: /ARCHITECTURE\.md: draws services\/billing, which does not exist/,
  },
  {
    what: 'a link that leads nowhere',
    changes: { 'README.md': 'Read [more](docs/more.md).\n' },
    says: /README\.md: links to docs\/more\.md, which does not exist/,
  },
  {
    what: 'a setting that the page of variables does not name',
    changes: { 'services/router/src/main.ts': "export const port = { env: 'ROUTER_PORT' };\n" },
    says: /\.env\.example: has no line for ROUTER_PORT/,
  },
  {
    what: 'a setting made by a function that the page of variables does not name',
    changes: { 'services/router/src/settings.ts': "export const a = key('ROUTER_KEY', 'x');\n" },
    says: /\.env\.example: has no line for ROUTER_KEY/,
  },
  {
    what: 'a variable that nothing reads',
    changes: { '.env.example': '# ROUTER_PORT=1\n' },
    says: /\.env\.example: has a line for ROUTER_PORT, which nothing reads/,
  },
  {
    what: 'a workspace that is not drawn',
    changes: { 'services/jobs/package.json': '{}' },
    says: /ARCHITECTURE\.md: does not draw services\/jobs/,
  },
  {
    what: 'a dependency without a row',
    changes: { 'proto/package.json': '{"dependencies":{"zod":"4","yaml":"2"}}' },
    says: /docs\/dependencies\.md: has no row for yaml/,
  },
  {
    what: 'a dependency with two rows',
    changes: { 'docs/dependencies.md': '| `zod` | a |\n| `knip` | a |\n| `zod` | b |\n' },
    says: /docs\/dependencies\.md: has more than one row for zod/,
  },
  {
    what: 'a row for a package that is gone',
    changes: { 'docs/dependencies.md': '| `zod` | a |\n| `knip` | a |\n| `nest` | b |\n' },
    says: /docs\/dependencies\.md: has a row for nest/,
  },
  {
    what: 'a command that does not exist',
    changes: { 'README.md': 'Run `npm run deploy`.' },
    says: /README\.md: shows "npm run deploy"/,
  },
  {
    what: 'a missing map',
    changes: { 'ARCHITECTURE.md': '' },
    says: /ARCHITECTURE\.md: does not draw proto/,
  },
  {
    what: 'a page that names a package registry',
    changes: { 'docs/setup.md': `See ${registry}/zod` },
    says: /docs\/setup\.md: names a package registry/,
  },
  {
    what: 'a lock file with registry addresses',
    changes: { 'package-lock.json': `{"packages":{"zod":{"resolved": "${registry}/zod"}}}` },
    says: /package-lock\.json: records registry addresses/,
  },
  {
    what: 'a lock file without the packages of other platforms',
    changes: {
      'package-lock.json': JSON.stringify({
        packages: {
          'node_modules/fast': { optionalDependencies: { 'fast-linux': '1', 'fast-darwin': '1' } },
          'node_modules/fast/node_modules/fast-linux': {},
        },
      }),
    },
    says: /package-lock\.json: lacks fast-darwin, so npm ci fails/,
  },
  {
    what: 'an .npmrc that chooses a registry',
    changes: { '.npmrc': 'registry=http://127.0.0.1:4873\n' },
    says: /\.npmrc: names a package registry/,
  },
];

for (const { what, changes, says } of lies) {
  test(`refuses ${what}`, (t) => {
    const { code, output } = check(t, changes);
    assert.equal(code, 1, output);
    assert.match(output, says);
  });
}

test('reads a tree with drawn lines, paths in one line, and braces', () => {
  const page = `${fence}ts\nconst a = 1;\n${fence}\n${fence}\nservices/{router,jobs}/  two\npackages/\n├── service-kit/   for services\n│   └── src/\n└── test-kit/\npackage.json  npm\n${fence}\n`;
  assert.deepEqual(
    parseArchitectureTree(page).map(({ path }) => path),
    [
      'services/router',
      'services/jobs',
      'packages',
      'packages/service-kit',
      'packages/service-kit/src',
      'packages/test-kit',
      'package.json',
    ],
  );
});
