import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { serviceNames } from '../src/contract.ts';
import {
  bridgePermissions,
  provisionerPermissions,
  servicePermissions,
} from '../src/permissions.ts';
import { asyncapiDocument } from './asyncapi.ts';
import { allJsonSchemas } from './json-schemas.ts';
import { errorsPage, subjectsPage } from './pages.ts';

const root = join(import.meta.dirname, '..', '..');
const schemasDir = 'proto/generated/schemas';

/** Every generated file: path from the repository's root → text. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const permissions = {
    ...Object.fromEntries(serviceNames.map((name) => [name, servicePermissions(name)])),
    'bridge-<channelId>': bridgePermissions('CHANNEL'),
    provisioner: provisionerPermissions,
  };
  const schemas = [...allJsonSchemas()].map(
    ([name, schema]) => [`${schemasDir}/${name}.json`, json(schema)] as const,
  );
  return new Map([
    ...schemas,
    ['proto/generated/asyncapi.json', json(asyncapiDocument())],
    ['proto/generated/permissions.json', json(permissions)],
    ['docs/subjects.md', subjectsPage()],
    ['docs/errors.md', errorsPage()],
  ]);
}

async function staleFiles(files: ReadonlyMap<string, string>): Promise<string[]> {
  const stale: string[] = [];
  for (const [path, text] of files) {
    const present = await readFile(join(root, path), 'utf8').catch(() => undefined);
    if (present !== text) stale.push(path);
  }
  const present = await readdir(join(root, schemasDir)).catch(() => []);
  const left = present.map((name) => `${schemasDir}/${name}`).filter((path) => !files.has(path));
  return [...stale, ...left];
}

async function main(): Promise<void> {
  const files = generatedFiles();
  const stale = await staleFiles(files);
  if (process.argv.includes('--check')) {
    if (stale.length === 0) return;
    console.error(`Not in step with proto/src, run \`npm run generate\`:\n  ${stale.join('\n  ')}`);
    process.exitCode = 1;
    return;
  }
  for (const path of stale) {
    const text = files.get(path);
    if (text === undefined) await rm(join(root, path));
    else {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
  }
  console.log(`${files.size} files, ${stale.length} changed`);
}

if (import.meta.main) await main();
