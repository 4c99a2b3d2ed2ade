import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArchitectureTree } from './architecture-tree.ts';
import type { Finding } from './layout-rules.ts';
import { listWorkspaces, readPackageFile } from './workspaces.ts';

function readPage(root: string, path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

const missingPage = (path: string, purpose: string): readonly Finding[] => [
  { path, message: `is missing: write it (${purpose})` },
];

/** Everything drawn in ARCHITECTURE.md's tree exists, and every workspace is drawn there. */
export function checkArchitecture(root: string): readonly Finding[] {
  const path = 'ARCHITECTURE.md';
  const page = readPage(root, path);
  if (page === undefined) return missingPage(path, 'one picture and the folder tree');
  const tree = parseArchitectureTree(page);
  const drawn = new Set(tree.map((entry) => entry.path));
  const gone = tree
    .filter((entry) => !entry.path.includes('*') && !existsSync(join(root, entry.path)))
    .map((entry) => `draws ${entry.path}, which does not exist: correct the tree`);
  const undrawn = listWorkspaces(root)
    .filter((workspace) => !drawn.has(workspace))
    .map((workspace) => `does not draw ${workspace}: add a line that says what it is for`);
  return [...gone, ...undrawn].map((message) => ({ path, message }));
}

function listDependencies(root: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const folder of ['.', ...listWorkspaces(root)]) {
    const { dependencies, devDependencies, optionalDependencies, peerDependencies } =
      readPackageFile(join(root, folder));
    const all = { ...dependencies, ...devDependencies, ...optionalDependencies };
    for (const name of Object.keys({ ...all, ...peerDependencies })) {
      if (!name.startsWith('@mosaic/')) names.add(name);
    }
  }
  return names;
}

/** docs/dependencies.md has exactly one row for each direct dependency, and no other row. */
export function checkDependencyPage(root: string): readonly Finding[] {
  const path = 'docs/dependencies.md';
  const page = readPage(root, path);
  if (page === undefined) return missingPage(path, 'a table: package, where, why this one');
  const rows = [...page.matchAll(/^\|\s*`([^`]+)`\s*\|/gm)].map((match) => match[1] ?? '');
  const used = listDependencies(root);
  const messages = [
    ...[...used]
      .filter((name) => !rows.includes(name))
      .map((name) => `has no row for ${name}: add one that says where and why this one`),
    ...rows
      .filter((name, index) => rows.indexOf(name) !== index)
      .map((name) => `has more than one row for ${name}: keep one`),
    ...rows
      .filter((name) => !used.has(name))
      .map((name) => `has a row for ${name}, which no package.json names: remove the row`),
  ];
  return messages.map((message) => ({ path, message }));
}

const builtIn = new Set(['install', 'ci', 'run', 'start', 'test']);

/** Every npm command which a page shows is a script of package.json. */
export function checkCommands(root: string): readonly Finding[] {
  const scripts = readPackageFile(root).scripts ?? {};
  const missing = missingPage('README.md', 'what this is and its two commands');
  return [
    ...(existsSync(join(root, 'README.md')) ? [] : missing),
    ...['README.md', 'AGENTS.md', 'CONTRIBUTING.md'].flatMap((path) => {
      const page = readPage(root, path) ?? '';
      const named = [...page.matchAll(/\bnpm (?:run (?:--silent )?([\w:-]+)|(start|test)\b)/g)];
      return [...new Set(named.map((match) => match[1] ?? match[2] ?? ''))]
        .filter((name) => scripts[name] === undefined && (!builtIn.has(name) || name === 'start'))
        .map((name) => ({
          path,
          message: `shows "npm run ${name}", which package.json does not have: correct one of them`,
        }));
    }),
  ];
}

const linkingPages = [
  'README.md',
  'ARCHITECTURE.md',
  'AGENTS.md',
  'CHANGELOG.md',
  'docs/channel-protocol.md',
];

/** Every link to a file of this repository leads to one. */
export function checkLinks(root: string): readonly Finding[] {
  return linkingPages.flatMap((path) => {
    const links = [...(readPage(root, path) ?? '').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)];
    return links
      .map((match) => match[1] ?? '')
      .filter((target) => !existsSync(join(root, dirname(path), target)))
      .map((target) => ({ path, message: `links to ${target}, which does not exist` }));
  });
}
