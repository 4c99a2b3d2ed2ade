import { readFileSync } from 'node:fs';
import type { Terminal } from './command.ts';
import { commandNames, commands, isCommandName } from './command-list.ts';

const terminal: Terminal = {
  print: (line) => process.stdout.write(`${harmless(line)}\n`),
  warn: (line) => process.stderr.write(`${harmless(line)}\n`),
  isInteractive: process.stdin.isTTY === true && process.stdout.isTTY === true,
};

/**
 * What models, tools and imports wrote is in these lines: none of it may steer the terminal or turn text
 * around. No command prints such characters itself; written as JSON does it, `--json` stays the same.
 */
function harmless(line: string): string {
  return line.replace(
    /(?![\t\n])[\p{Cc}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Runs one command line and settles with the exit code. Help and version are answered before
 * anything heavy is read; whatever fails ends as one sentence with its code.
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const [name = '--help', ...args] = words;
  if (name === '--help' || name === '-h' || name === 'help') return say(helpText());
  if (name === '--version' || name === '-v' || name === 'version') return say(version());
  if (!isCommandName(name)) return refuseUnknown(name);
  // A reader that goes away early (`mosaic models | head -1`, a closed terminal) is no failure.
  process.stdout.on('error', () => {});
  try {
    const command = await commands[name].load();
    if (args.includes('--help') || args.includes('-h')) return say(command.usage);
    return await command.run(args, terminal);
  } catch (thrown) {
    const { describeError } = await import('./describe-error.ts');
    terminal.warn(`mosaic: ${describeError(thrown)}`);
    return 1;
  }
}

function say(text: string): number {
  terminal.print(text);
  return 0;
}

async function refuseUnknown(name: string): Promise<number> {
  const { nearestName } = await import('@mosaic/proto');
  const near = nearestName(name, commandNames);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  terminal.warn(`mosaic: there is no command "${name}".${hint} "mosaic --help" lists all.`);
  return 1;
}

function version(): string {
  const manifest = new URL('../../../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return version;
}

function helpText(): string {
  const width = Math.max(...commandNames.map((name) => name.length));
  const lines = commandNames.map((name) => `  ${name.padEnd(width)}  ${commands[name].summary}`);
  return [
    'Usage: mosaic <command> [options]',
    '',
    ...lines,
    '',
    '"mosaic <command> --help" tells the options of one. "npm start" is "mosaic up --open-tui".',
  ].join('\n');
}
