import { enableCompileCache } from 'node:module';
import { runCommandLine } from './command-line/run-command-line.ts';

// Stripped and compiled code is kept between starts: 0.23 s instead of 0.31 s for `mosaic status`.
enableCompileCache();
process.exitCode = await runCommandLine(process.argv.slice(2));
// A connection that somebody forgot must not keep the terminal waiting.
setTimeout(() => process.exit(), 500).unref();
