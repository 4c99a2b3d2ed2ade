// Runs every test that needs no vendor key, after making sure that what they need is there.
//
//   npm test                     everything
//   npm test -- bus gateway      only files whose path contains one of the words
//   npm test -- --name "falls"   only tests whose name matches the pattern
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run, type TestsStream } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { keepDatabaseTemplate } from '@mosaic/embedded-servers/template';
import { buildWebClient } from './build-web-client.ts';
import { ensureSystemPrograms, systemPrograms } from './system-packages.ts';

const root = join(import.meta.dirname, '..');
// Only what hangs may meet it: a machine that is busy with other things is no reason to fail.
const testTimeoutMs = 300_000;
const say = (line: string): void => console.log(`npm test: ${line}`);

const patterns = [
  '{proto,scripts,bench}/test/**/*.test.ts',
  '{packages,services,clients,bridges,deploy}/*/test/**/*.test.ts',
  'test/**/*.test.ts',
];

// A developer's own keys and servers must never be spent or filled by a test run.
const ownSettings =
  /^(?:MOSAIC_|(?:ANTHROPIC|OPENAI|OPENROUTER|ZAI)_(?:API_KEY|BASE_URL)|OLLAMA_(?:BASE_URL|HOST)|(?:NATS|REDIS|DATABASE)_URL)/;
for (const name of Object.keys(process.env).filter((key) => ownSettings.test(key))) {
  delete process.env[name];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { name: { type: 'string' }, concurrency: { type: 'string' } },
});

const files = globSync(patterns, { cwd: root, exclude: ['**/node_modules/**'] })
  .filter((path) => positionals.length === 0 || positionals.some((part) => path.includes(part)))
  .sort()
  .map((path) => join(root, path));

async function prepare(): Promise<void> {
  for (const sentence of ensureSystemPrograms(systemPrograms, say)) say(sentence);
  buildWebClient(root, say);
  // Some fifty new databases are started: each is a copy of this one, and runs all migrations itself.
  await keepDatabaseTemplate();
}

const first = (name: string) => ['--import', join(import.meta.dirname, name)];

/** Options of the process of a test file. */
function optionsOfFiles(): string[] {
  const options = first('stop-hanging-file.mjs');
  if (values.name === undefined) return options;
  process.env['ONLY_TESTS_NAMED'] = values.name;
  // Of a file that starts something before its first test and has none of the name, the runner calls no
  // `after`; embedded servers end with the process that started them.
  return [...options, ...first('start-only-for-named-tests.mjs'), '--test-force-exit'];
}

/** Test files in which no test ran: Node counts such a file itself as a passed test. */
function watchForEmptyFiles(stream: TestsStream): () => readonly string[] {
  const withTests = new Set<string>();
  // A test's own `file` is where it is written, which may be a file of shared claims; the summary
  // of a test file comes only when something was tested in it.
  stream.on('test:summary', ({ file, counts }) => {
    if (file !== undefined && counts.tests > 0) withTests.add(file);
  });
  return () => files.filter((file) => !withTests.has(file));
}

function runTests(): void {
  const stream = run({
    files,
    cwd: root,
    // Tests mostly wait for real servers, but a browser needs a core for itself.
    concurrency: Number(values.concurrency ?? Math.max(2, availableParallelism())),
    timeout: testTimeoutMs,
    execArgv: optionsOfFiles(),
    ...(values.name === undefined ? {} : { testNamePatterns: [new RegExp(values.name)] }),
  });
  const listEmptyFiles = watchForEmptyFiles(stream);
  stream.on('test:summary', ({ file, success }) => {
    if (file === undefined && !success) process.exitCode = 1;
  });
  const report = stream.compose(new spec());
  report.on('end', () => {
    const empty = listEmptyFiles();
    if (empty.length === files.length) say('no test ran');
    else if (values.name === undefined) for (const file of empty) say(`no test ran in ${file}`);
    const isEmptyAllowed = values.name !== undefined && empty.length < files.length;
    if (empty.length > 0 && !isEmptyAllowed) process.exitCode = 1;
  });
  report.pipe(process.stdout);
}

if (files.length === 0) {
  say(`no test file's path contains ${positionals.join(' or ')}`);
  process.exitCode = 1;
} else {
  try {
    await prepare();
    runTests();
  } catch (thrown) {
    say(thrown instanceof Error ? thrown.message : String(thrown));
    process.exitCode = 1;
  }
}
