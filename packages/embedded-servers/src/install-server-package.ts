import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedServerError } from './embedded-server-error.ts';
import { type DirectoryLock, lockDirectory } from './lock-directory.ts';
import type { OnProgress } from './server-handle.ts';

export type InstallRequest = {
  readonly name: 'nats-server' | 'redis-server';
  readonly onProgress: OnProgress;
  readonly isInstalled: () => boolean;
  readonly findTool: (tool: string) => string | undefined;
};

const OTHER_INSTALL_LIMIT_MS = 300_000;

// Debian's server packages start a system service on the default port. policy-rc.d is Debian's
// own way to say no for the time of the installation; one that exists already is left alone.
// Unmasked afterwards, the unit would still start at the next boot: it is disabled, and only
// because the package was not there before.
const APT_SCRIPT = `
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ] || grep -q "mosaic: while installing" "$policy"; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\\n# mosaic: while installing\\nexit 101\\n' > "$policy" && chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
"$1" update || echo "apt-get update failed; trying with the lists of last time" >&2
"$1" install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$2" || exit 1
if command -v systemctl > /dev/null; then systemctl disable "$2" > /dev/null 2>&1; fi
exit 0
`;

type Command = { readonly program: string; readonly args: readonly string[] };

function run(command: Command): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command.program, command.args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-2000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ code: -1, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

/** The command that installs without asking anything, or undefined when there is none. */
async function chooseCommand(request: InstallRequest): Promise<Command | undefined> {
  const apt = request.findTool('apt-get');
  const shell = request.findTool('sh');
  if (apt !== undefined && shell !== undefined) {
    const args = ['-c', APT_SCRIPT, 'mosaic-install', apt, request.name];
    if (process.getuid?.() === 0) return { program: shell, args };
    const sudo = request.findTool('sudo');
    if (sudo !== undefined && (await run({ program: sudo, args: ['-n', 'true'] })).code === 0) {
      return { program: sudo, args: ['-n', shell, ...args] };
    }
  }
  const brew = request.findTool('brew');
  if (brew === undefined) return undefined;
  const formula = request.name === 'redis-server' ? 'redis' : request.name;
  return { program: brew, args: ['install', '--quiet', formula] };
}

/** One installation at a time for this user; gives up waiting after five minutes. */
async function waitForTurn(): Promise<DirectoryLock> {
  const directory = join(tmpdir(), `mosaic-install-${process.getuid?.() ?? 'user'}`);
  const deadline = Date.now() + OTHER_INSTALL_LIMIT_MS;
  for (;;) {
    try {
      return lockDirectory(directory, { purpose: 'installing a server' });
    } catch (error) {
      if (!(error instanceof EmbeddedServerError) || Date.now() > deadline) throw error;
      await delay(250);
    }
  }
}

/**
 * Installs a server's package by the system's package manager. Does nothing when there is no
 * way to do it without a password; throws `INSTALL_FAILED` when the package manager fails.
 */
export async function installServerPackage(request: InstallRequest): Promise<void> {
  const command = await chooseCommand(request);
  if (command === undefined) return;
  const turn = await waitForTurn();
  try {
    if (request.isInstalled()) return;
    request.onProgress(`Installing ${request.name} with the system's package manager.`);
    const { code, output } = await run(command);
    if (code === 0 && request.isInstalled()) return;
    const sentence = `Installing ${request.name} failed (exit code ${code}). Install it by hand and start again. The package manager said: ${output.slice(-600).trim()}`;
    throw new EmbeddedServerError('INSTALL_FAILED', sentence);
  } finally {
    turn.release();
  }
}
