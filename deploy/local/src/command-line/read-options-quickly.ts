import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/**
 * As `readOptions`, which knows the words for what is wrong: it is loaded, with the contracts, only when
 * something is.
 */
export async function readOptionsQuickly<Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch {
    return (await import('./read-options.ts')).readOptions(args, options);
  }
}
