import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { MosaicError, nearestName } from '@mosaic/proto';

/** Options and words of a command line. Throws `bad_request` with one sentence for a wrong one. */
export function readOptions<Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (thrown) {
    throw new MosaicError('bad_request', explain(thrown, args, Object.keys(options)));
  }
}

function explain(thrown: unknown, args: readonly string[], names: readonly string[]): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const sentence = thrown instanceof Error ? thrown.message.split('. ')[0] : String(thrown);
  if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `${sentence}.`;
  const wrong = args.find((arg) => arg.startsWith('-') && !names.includes(nameOf(arg))) ?? '';
  const near = nearestName(nameOf(wrong), names);
  const hint = near === undefined ? '' : ` Did you mean "--${near}"?`;
  return `There is no option "${wrong}".${hint}`;
}

function nameOf(option: string): string {
  return option.replace(/^-+/, '').split('=')[0] ?? '';
}

/** Throws `bad_request` when a command that takes no words got some. */
export function refuseWords(positionals: readonly string[]): void {
  const [first] = positionals;
  if (first === undefined) return;
  throw new MosaicError('bad_request', `This command takes no "${first}"; see its --help.`);
}
