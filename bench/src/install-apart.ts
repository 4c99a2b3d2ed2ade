import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../node_modules/.cache/mosaic-bench/', import.meta.url));

export interface ApartPackages {
  /** Name of its folder. */
  readonly name: string;
  /** Exact versions. */
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

/**
 * Installs packages that only a measurement needs into an ignored folder, never into this repository,
 * and without running scripts of theirs. Resolves with that folder's `node_modules`, or undefined when
 * they can't be had now; a second run finds what the first one left.
 */
export async function installApart(packages: ApartPackages): Promise<string | undefined> {
  const versions = Object.values(packages.dependencies).join('-');
  const folder = `${cache}${packages.name}-${versions}`;
  const installed = `${folder}/node_modules`;
  if (existsSync(`${folder}/complete`)) return installed;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { dependencies, overrides = {} } = packages;
  const manifest = { name: `bench-${packages.name}`, private: true, dependencies, overrides };
  await writeFile(`${folder}/package.json`, JSON.stringify(manifest));
  if (!(await runInstall(folder))) return undefined;
  await writeFile(`${folder}/complete`, '');
  return installed;
}

async function runInstall(folder: string): Promise<boolean> {
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=0'];
  const isWindows = process.platform === 'win32';
  const npm = spawn('npm', args, { cwd: folder, stdio: 'ignore', shell: isWindows });
  const [code] = await once(npm, 'exit').catch(() => [1]);
  return code === 0;
}
