import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from './layout-rules.ts';

// Written as alternatives so that this file does not name a host itself.
const registryHost =
  /\b(?:registry\.(?:npmjs|yarnpkg|npmmirror)\.|npm\.pkg\.github\.|https?:\/\/[^\s"'<>)]*(?:artifactory|verdaccio|\/repository\/npm))/i;
const registrySetting = /^\s*(?:@[\w-]+:)?registry\s*=/m;
const lockedAddress = /"resolved": "https?:/;
const maxBytes = 5_000_000;

/** Files that git knows or would add. */
function listFiles(root: string): readonly string[] {
  const options = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  return execFileSync('git', options, { cwd: root, encoding: 'utf8', maxBuffer: 64e6 })
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(root, path)))
    .filter((path) => {
      const file = statSync(join(root, path));
      return file.isFile() && file.size <= maxBytes;
    });
}

/**
 * No file pins a package registry: whoever installs uses the registry that is configured there.
 * `root` must be a git work tree.
 */
export function checkRegistryHosts(root: string): readonly Finding[] {
  return listFiles(root).flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    if (path.endsWith('package-lock.json')) {
      const message =
        'records registry addresses: keep omit-lockfile-registry-resolved=true in .npmrc and run npm install --package-lock-only';
      return lockedAddress.test(text) ? [{ path, message }] : [];
    }
    const isPinned =
      registryHost.test(text) || (path.endsWith('.npmrc') && registrySetting.test(text));
    const message = 'names a package registry: remove it, the installing machine chooses its own';
    return isPinned ? [{ path, message }] : [];
  });
}
