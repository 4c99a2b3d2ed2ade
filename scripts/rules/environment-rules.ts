import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from './layout-rules.ts';
import { isTestFile, readSourceFiles, type SourceFile } from './source-files.ts';

const page = '.env.example';
const stackFiles = ['docker-compose.yml', 'deploy/swarm/stack.yml'];
const product = /^(?:proto|packages\/service-kit|services|clients|bridges|deploy)\//;

/** `env: 'NAME'` of a setting, `env['OUR_NAME']` of a program without the kit. */
const declared = /\benv: '([A-Z][A-Z0-9_]*)'|\benv\['(MOSAIC_[A-Z0-9_]+)'\]/g;
/** `key('NAME', …)`: settings that a settings file makes with a function. */
const made = /\b\w+\('([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g;
/** `${NAME:-default}` in a stack file. */
const substituted = /\$\{([A-Z][A-Z0-9_]*)/g;

const namesIn = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, first, second]) => first ?? second ?? '');

function namesOf({ path, text }: SourceFile): readonly string[] {
  const isSettings = /(?:^|-)settings\.ts$/.test(path.split('/').at(-1) ?? '');
  return [...namesIn(text, declared), ...(isSettings ? namesIn(text, made) : [])];
}

function readNames(root: string): ReadonlySet<string> {
  const sources = readSourceFiles(root).filter(
    ({ path }) => product.test(path) && !isTestFile(path),
  );
  const stacks = stackFiles
    .map((path) => join(root, path))
    .filter((path) => existsSync(path))
    .flatMap((path) => namesIn(readFileSync(path, 'utf8'), substituted));
  return new Set([...sources.flatMap(namesOf), ...stacks]);
}

/** .env.example names every variable that the product reads, once, and no other. */
export function checkEnvironmentPage(root: string): readonly Finding[] {
  const names = readNames(root);
  const path = join(root, page);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const listed = [...text.matchAll(/^#? ?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1] ?? '');
  // Every setting can come from NAME_FILE too, so a program may read that name by itself.
  const isKnown = (name: string) =>
    listed.includes(name) || (name.endsWith('_FILE') && listed.includes(name.slice(0, -5)));
  const messages = [
    ...[...names]
      .filter((name) => !isKnown(name))
      .map((name) => `has no line for ${name}: add one that says what it is for`),
    ...listed
      .filter((name, index) => listed.indexOf(name) !== index)
      .map((name) => `has more than one line for ${name}: keep one`),
    ...listed
      .filter((name) => !names.has(name))
      .map((name) => `has a line for ${name}, which nothing reads: remove it`),
  ];
  return messages.map((message) => ({ path: page, message }));
}
