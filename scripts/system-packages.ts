// The programs that are no npm packages, and how this machine gets them. The only place that
// installs anything on the system.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface SystemProgram {
  readonly name: string;
  /** Any one of these on the PATH (or as an absolute path) will do. */
  readonly commands: readonly string[];
  readonly debianPackage: string;
  readonly neededFor: string;
}

export const systemPrograms = [
  {
    name: 'nats-server',
    commands: ['nats-server'],
    debianPackage: 'nats-server',
    neededFor: 'the message bus',
  },
  {
    name: 'redis-server',
    commands: ['redis-server'],
    debianPackage: 'redis-server',
    neededFor: 'the job queues',
  },
  {
    name: 'tmux',
    commands: ['tmux'],
    debianPackage: 'tmux',
    neededFor: 'the tests of the terminal client',
  },
  {
    name: 'chromium',
    commands: [
      'chromium',
      'chromium-browser',
      'google-chrome',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    debianPackage: 'chromium',
    neededFor: 'the tests of the web client',
  },
] as const satisfies readonly SystemProgram[];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The full path of a program, looking at PATH and where Debian puts servers; undefined if absent. */
export function findProgram(program: SystemProgram): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];
  return program.commands
    .flatMap((name) => (name.startsWith('/') ? [name] : folders.map((at) => join(at, name))))
    .find(isExecutable);
}

const policyFile = '/usr/sbin/policy-rc.d';

/** Debian starts a server when its package is installed; this policy says no, for as long as `work` runs. */
function withoutStartingServices(work: () => void): void {
  const isOurs = !existsSync(policyFile);
  if (isOurs) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    work();
  } finally {
    if (isOurs) rmSync(policyFile, { force: true });
  }
}

function apt(args: readonly string[], say: (line: string) => void): void {
  const result = spawnSync('apt-get', ['-q', '-y', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (result.status === 0) return;
  const output = result.error?.message ?? `${result.stdout}${result.stderr}`;
  say(`apt-get ${args.join(' ')} failed:\n${output}`);
}

function canInstall(): boolean {
  const hasApt = isExecutable('/usr/bin/apt-get');
  return process.platform === 'linux' && process.getuid?.() === 0 && hasApt;
}

function howToInstall({ name, debianPackage, neededFor }: SystemProgram): string {
  const command =
    process.platform === 'darwin'
      ? `brew install ${name === 'redis-server' ? 'redis' : name}`
      : `sudo apt-get install ${debianPackage} (or what your system calls it)`;
  return `${name} is missing (needed for ${neededFor}). Install it: ${command}`;
}

/**
 * Makes sure that the programs are there: installs what is missing where that is possible without
 * asking (Debian or Ubuntu, as root), and starts no service. Returns one sentence for each program
 * which is still missing, saying what to do.
 */
export function ensureSystemPrograms(
  programs: readonly SystemProgram[],
  say: (line: string) => void,
): readonly string[] {
  const missing = programs.filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) return [];
  if (!canInstall()) return missing.map(howToInstall);
  const names = missing.map(({ debianPackage }) => debianPackage);
  say(`installing ${names.join(', ')} with apt-get (no service is started) …`);
  withoutStartingServices(() => {
    apt(['update'], say);
    // One by one: a package this system does not have must not keep the others away.
    for (const name of names) apt(['install', '--no-install-recommends', name], say);
  });
  return programs.filter((program) => findProgram(program) === undefined).map(howToInstall);
}
