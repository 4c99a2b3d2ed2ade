#!/usr/bin/env node
// Runs a TypeScript file of this repository on Node 24, whatever Node the machine has.
//
//   node scripts/with-node24.mjs <file.ts> [args…]
//   node scripts/with-node24.mjs --npm-script <name> [args…]
//
// Plain JavaScript without dependencies on purpose: it is the one file which has to run on a fresh
// clone, on any Node from 18 on, before anything is installed. It installs what package-lock.json
// names, finds the Node 24 that came along, and hands over: same terminal, same signals, same exit
// code.
import { spawn } from 'node:child_process';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode24 } from './install/find-node24.mjs';
import { installDependencies } from './install/install-dependencies.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const isWindows = process.platform === 'win32';

function stop(message) {
  process.stderr.write(`mosaic: ${message}\n`);
  process.exit(1);
}

/** The program and its arguments, or undefined when the command line names neither file nor script. */
function commandFor(nodeBinary, args) {
  const [first, ...rest] = args;
  if (first === undefined) return undefined;
  if (first !== '--npm-script') {
    return { program: nodeBinary, args: [resolve(root, first), ...rest] };
  }
  const [name, ...scriptArgs] = rest;
  if (name === undefined) return undefined;
  const npmArgs = ['run', '--silent', name, '--', ...scriptArgs];
  return { program: isWindows ? 'npm.cmd' : 'npm', args: npmArgs, cwd: root, shell: isWindows };
}

/**
 * The cache of compiled code is named here and not in the programs: only then does it hold the file they
 * begin with, and the stripper of types (30 MB, 0.1 s) isn't loaded when nothing changed.
 */
function environmentFor(nodeBinary) {
  const path = [join(root, 'node_modules', '.bin'), dirname(nodeBinary), process.env.PATH ?? ''];
  const cache = process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), 'node-compile-cache');
  return { ...process.env, PATH: path.join(delimiter), NODE_COMPILE_CACHE: cache };
}

/** Passes signals on. Ctrl-C reaches the whole foreground group by itself; twice would mean "kill". */
function passSignalsTo(child) {
  const isInTerminal = process.stdin.isTTY === true;
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !isInTerminal) child.kill(signal);
    });
  }
}

/**
 * A SIGTERM to npm ends the shell that runs the script, and the shell tells nobody: without this a
 * stopped `npm start` would run on as an orphan.
 */
function stopWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 250);
  watch.unref();
}

function leaveAs(code, signal) {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // Some signals do not end this process (a blocked one): then the shell's way of saying it.
  setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 1000);
}

try {
  await installDependencies(root, (line) => process.stderr.write(`mosaic: ${line}\n`));
} catch (thrown) {
  stop(thrown.message);
}
const found = findNode24(root);
if (found.problem !== undefined) stop(found.problem);
const command = commandFor(found.path, process.argv.slice(2));
if (command === undefined) stop('usage: with-node24.mjs <file.ts> | --npm-script <name> [args…]');

const { program, args, ...where } = command;
const child = spawn(program, args, {
  ...where,
  stdio: 'inherit',
  env: environmentFor(found.path),
});
passSignalsTo(child);
stopWithNpm(child);
child.on('error', (error) => stop(`could not start ${program}: ${error.message}`));
child.on('exit', leaveAs);
