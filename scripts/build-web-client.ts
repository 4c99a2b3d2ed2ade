import { spawnSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const sources = [
  'clients/web/{src,public}/**/*',
  'clients/web/*.{html,ts,json}',
  'proto/src/**/*.ts',
  'package-lock.json',
];

function newestChangeMs(root: string): number {
  const paths = globSync(sources, { cwd: root });
  return Math.max(0, ...paths.map((path) => statSync(join(root, path)).mtimeMs));
}

function isStale(root: string): boolean {
  const built = join(root, 'clients/web/dist/index.html');
  return !existsSync(built) || statSync(built).mtimeMs < newestChangeMs(root);
}

/**
 * Builds clients/web when its sources are newer than what was built. Does nothing while the client
 * has no Vite configuration. Throws with Vite's own output when the build fails.
 */
export function buildWebClient(root: string, say: (line: string) => void): void {
  const folder = join(root, 'clients/web');
  if (!existsSync(join(folder, 'vite.config.ts')) || !isStale(root)) return;
  say('building the web client …');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const result = spawnSync(process.execPath, [vite, 'build'], { cwd: folder, encoding: 'utf8' });
  if (result.status !== 0) {
    throw new Error(`the web client does not build:\n${result.stdout}${result.stderr}`);
  }
}
