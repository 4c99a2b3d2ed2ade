// Makes node_modules match package-lock.json, and does nothing when it already does.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withInstallLock } from './install-lock.mjs';

const stampName = '.mosaic-lock-hash';

function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * True when somebody ran npm by hand and everything is there already: npm keeps its own list of what
 * it installed. Without this look, `npm start` after `npm install` would wipe and install again.
 */
function isInstalledByHand(root) {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    const present = installed[path];
    if (present === undefined) return entry.optional === true || entry.peer === true;
    return present.version === entry.version && existsSync(join(root, path));
  });
}

function npmCommand() {
  const npmCli = process.env.npm_execpath;
  if (npmCli !== undefined && /npm-cli\.[cm]?js$/.test(npmCli)) {
    return { program: process.execPath, args: [npmCli], shell: false };
  }
  const isWindows = process.platform === 'win32';
  return { program: isWindows ? 'npm.cmd' : 'npm', args: [], shell: isWindows };
}

function runNpmCi(root) {
  const { program, args, shell } = npmCommand();
  return new Promise((done, fail) => {
    const child = spawn(program, [...args, 'ci', '--no-audit', '--no-fund'], {
      cwd: root,
      shell,
      // `npm run --silent` would silence this npm too, and hide why it failed.
      env: { ...process.env, npm_config_loglevel: 'warn' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => fail(new Error(`npm could not be started: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) done();
      else fail(new Error(`npm ci failed (exit code ${code}); this is what it said:\n${output}`));
    });
  });
}

/**
 * @param {string} root the repository's folder
 * @param {(line: string) => void} say shows one line of progress
 * @returns {Promise<void>} rejects with npm's own output when the installation fails
 */
export async function installDependencies(root, say) {
  const stamp = join(root, 'node_modules', stampName);
  const wanted = hashOf(join(root, 'package-lock.json'));
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (isCurrent()) return;
  await withInstallLock(root, async () => {
    if (isCurrent()) return; // another start was faster
    if (!isInstalledByHand(root)) {
      say('installing dependencies (once, and after every change of package-lock.json) …');
      await runNpmCi(root);
    }
    mkdirSync(join(root, 'node_modules'), { recursive: true });
    writeFileSync(stamp, wanted);
  });
}
