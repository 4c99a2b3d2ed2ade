import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from './layout-rules.ts';

export interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface MissingPlatform {
  readonly name: string;
  readonly version: string;
  readonly isDev: boolean;
}

export function readLockFile(path: string): LockFile {
  // npm's own format, version 3.
  return JSON.parse(readFileSync(path, 'utf8')) as LockFile;
}

/** Looks where Node would: in the package's own node_modules, then in each one above. */
function isLocked(packages: LockFile['packages'], from: string, name: string): boolean {
  let folder = from;
  while (folder !== '') {
    if (packages[`${folder}/node_modules/${name}`] !== undefined) return true;
    const cut = folder.lastIndexOf('/node_modules/');
    folder = cut < 0 ? '' : folder.slice(0, cut);
  }
  return packages[`node_modules/${name}`] !== undefined;
}

/** Optional packages which a locked package names and the lock file lacks. */
export function listMissingPlatforms({ packages }: LockFile): readonly MissingPlatform[] {
  const missing = new Map<string, MissingPlatform>();
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isLocked(packages, path, name)) continue;
      missing.set(name, { name, version, isDev: entry.dev === true });
    }
  }
  return [...missing.values()];
}

/**
 * The lock file names the optional packages of every platform. npm leaves out those which the
 * registry in use does not serve, and then `npm ci` refuses the lock file on every machine.
 */
export function checkLockedPlatforms(root: string): readonly Finding[] {
  const path = 'package-lock.json';
  if (!existsSync(join(root, path))) return [];
  const missing = listMissingPlatforms(readLockFile(join(root, path))).map(({ name }) => name);
  if (missing.length === 0) return [];
  const message = `lacks ${missing.join(', ')}, so npm ci fails everywhere: run npm run complete-lock`;
  return [{ path, message }];
}
