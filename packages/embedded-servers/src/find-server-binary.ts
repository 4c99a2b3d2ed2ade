import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { EmbeddedServerError } from './embedded-server-error.ts';
import { installServerPackage } from './install-server-package.ts';
import type { OnProgress } from './server-handle.ts';

export type ServerBinary = 'nats-server' | 'redis-server';

export type FindServerBinaryOptions = {
  /** Installs the package by apt-get or brew when no directory has it. Default false. */
  readonly installIfMissing?: boolean;
  readonly onProgress?: OnProgress;
  /** Where to look for servers and package managers; default PATH and the usual places. */
  readonly directories?: readonly string[];
};

// Debian installs nats-server in /usr/sbin, which is not on an ordinary user's PATH.
const USUAL_DIRECTORIES = [
  '/usr/local/bin',
  '/usr/bin',
  '/usr/sbin',
  '/bin',
  '/sbin',
  '/opt/homebrew/bin',
  '/home/linuxbrew/.linuxbrew/bin',
];

function defaultDirectories(): readonly string[] {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '');
  return [...onPath, ...USUAL_DIRECTORIES];
}

/** The first executable file of that name in these directories, or undefined. */
export function findExecutable(name: string, directories: readonly string[]): string | undefined {
  return directories
    .map((directory) => join(directory, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
      } catch {
        return false;
      }
    });
}

const installing = new Map<ServerBinary, Promise<void>>();

/** Two starts in this process share one installation; other processes wait at its lock. */
function installOnce(name: ServerBinary, start: () => Promise<void>): Promise<void> {
  const shared = installing.get(name) ?? start().finally(() => installing.delete(name));
  installing.set(name, shared);
  return shared;
}

/**
 * The path of a server's program, installed first when it is missing and that is allowed.
 * Throws `BINARY_MISSING` or `INSTALL_FAILED` with a sentence that says what to do by hand.
 */
export async function findServerBinary(
  name: ServerBinary,
  options: FindServerBinaryOptions = {},
): Promise<string> {
  const directories = options.directories ?? defaultDirectories();
  const find = () => findExecutable(name, directories);
  const found = find();
  if (found !== undefined) return found;
  if (options.installIfMissing === true) {
    const onProgress = options.onProgress ?? (() => {});
    await installOnce(name, () =>
      installServerPackage({
        name,
        onProgress,
        isInstalled: () => find() !== undefined,
        findTool: (tool) => findExecutable(tool, directories),
      }),
    );
    const installed = find();
    if (installed !== undefined) return installed;
  }
  throw new EmbeddedServerError('BINARY_MISSING', howToInstall(name));
}

function howToInstall(name: ServerBinary): string {
  const formula = name === 'redis-server' ? 'redis' : name;
  const variable = name === 'redis-server' ? 'REDIS_URL' : 'NATS_URL';
  return `The program ${name} was not found. Install it (Debian and Ubuntu: "sudo apt-get install ${name}"; macOS: "brew install ${formula}") and start again, or set ${variable} to a server that already runs.`;
}
