#!/usr/bin/env node
// The `mosaic` command: the launcher, on Node 24. Its version is told at once, by the Node that is here.
import { readFileSync } from 'node:fs';

if (['--version', '-v', 'version'].includes(process.argv[2])) {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${manifest.version}\n`);
} else {
  process.argv.splice(2, 0, 'deploy/local/src/main.ts');
  await import('./with-node24.mjs');
}
