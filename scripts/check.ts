// Everything that is checked without running the product. `npm run check -- types arrows` runs only
// the named ones.
import { type CheckResult, runChecks } from './rules/run-checks.ts';

const root = `${import.meta.dirname}/..`;
const program = (name: string): string => `${root}/node_modules/.bin/${name}`;
const script = (path: string): string => `${root}/${path}`;

const folders = ['proto', 'packages', 'services', 'clients', 'bridges', 'deploy', 'bench', 'test'];

const checks = [
  { name: 'format and lint', command: [program('biome'), 'check', '--max-diagnostics=200', '.'] },
  { name: 'types', command: [program('tsc'), '-p', 'tsconfig.json'] },
  { name: 'types of the web client', command: [program('tsc'), '-p', 'tsconfig.web.json'] },
  {
    name: 'arrows',
    command: [
      process.execPath,
      script('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
      '--config=.dependency-cruiser.mjs',
      '--output-type=err-long',
    ],
    existing: folders,
  },
  { name: 'layout', command: [process.execPath, script('scripts/check-layout.ts')] },
  {
    name: 'unused code',
    command: [
      process.execPath,
      script('node_modules/knip/bin/knip.js'),
      '--no-progress',
      '--no-config-hints',
    ],
  },
  {
    name: 'generated files',
    command: [process.execPath, script('proto/generate/main.ts'), '--check'],
    onlyWith: 'proto/generate/main.ts',
  },
  { name: 'docs', command: [process.execPath, script('scripts/check-docs.ts')] },
];

const named = process.argv.slice(2);
const chosen = checks.filter(
  ({ name }) => named.length === 0 || named.some((part) => name.includes(part)),
);

function show({ name, seconds, isGood, output }: CheckResult): void {
  console.log(`${isGood ? '✔' : '✖'} ${name} (${seconds.toFixed(1)} s)`);
  if (!isGood) console.log(`${output.trimEnd().replace(/^/gm, '    ')}\n`);
}

const results = await runChecks(chosen, { root, show });
const failed = results.filter(({ isGood }) => !isGood);
console.log(
  failed.length === 0
    ? `All ${results.length} checks passed.`
    : `${failed.length} of ${results.length} checks failed: ${failed.map(({ name }) => name).join(', ')}.`,
);
if (failed.length > 0 || results.length === 0) process.exitCode = 1;
