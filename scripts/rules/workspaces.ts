import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PackageFile {
  readonly workspaces?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The package.json of a folder. Throws when there is none. */
export function readPackageFile(folder: string): PackageFile {
  // The shape is npm's own; npm has refused the file before we read it when it is wrong.
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFile;
}

/** Folders of all npm workspaces, relative to the root, sorted. */
export function listWorkspaces(root: string): readonly string[] {
  return (readPackageFile(root).workspaces ?? [])
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => folder.replaceAll('\\', '/'))
    .sort();
}
