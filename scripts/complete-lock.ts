// Adds the optional packages of other platforms that npm left out of package-lock.json because the
// registry in use does not serve them. See checkLockedPlatforms for why that matters.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type LockedPackage,
  listMissingPlatforms,
  type MissingPlatform,
  readLockFile,
} from './rules/lock-rules.ts';

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'sunos', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** Such packages carry their platform in their name; without it npm would install all of them. */
function toEntry({ name, version, isDev }: MissingPlatform): LockedPackage {
  const words = name.split(/[/-]/);
  const os = words.filter((word) => systems.includes(word));
  const cpu = words.filter((word) => processors.includes(word));
  if (cpu.length === 0 || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(`${name}@${version} does not say its platform: run npm install elsewhere`);
  }
  return {
    version,
    cpu,
    ...(isDev ? { dev: true } : {}),
    optional: true,
    ...(os.length === 0 ? {} : { os }),
    ...(words.includes('musl') ? { libc: ['musl'] } : {}),
    ...(words.includes('gnu') ? { libc: ['glibc'] } : {}),
  };
}

const path = join(import.meta.dirname, '../package-lock.json');
const lock = readLockFile(path);
const missing = listMissingPlatforms(lock);
const added = missing.map((platform) => [`node_modules/${platform.name}`, toEntry(platform)]);
const packages = { ...lock.packages, ...Object.fromEntries(added) };
const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(
  path,
  `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`,
);
console.log(`added ${missing.length} packages to package-lock.json`);
