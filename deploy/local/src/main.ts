import { runCommandLine } from './command-line/run-command-line.ts';

process.exitCode = await runCommandLine(process.argv.slice(2));
// A connection that somebody forgot must not keep the terminal waiting.
setTimeout(() => process.exit(), 500).unref();
