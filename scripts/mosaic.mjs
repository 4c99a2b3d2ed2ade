#!/usr/bin/env node
// The `mosaic` command: the launcher, on Node 24.
process.argv.splice(2, 0, 'deploy/local/src/main.ts');
await import('./with-node24.mjs');
