import { MosaicError } from '@mosaic/proto';
import type { Command } from '../command-line/command.ts';

const scripts: Readonly<Record<string, (words: string) => string>> = {
  bash: (words) => `complete -W '${words}' mosaic`,
  zsh: (words) => `#compdef mosaic\n_mosaic() { compadd ${words} }\ncompdef _mosaic mosaic`,
};

/** The command that prints how a shell completes `names`. */
export const completionCommand = (names: readonly string[]): Command => ({
  usage: `Usage: mosaic completion bash|zsh

Prints a script that completes the commands; for bash: eval "$(mosaic completion bash)".`,
  async run([shell = ''], terminal) {
    const script = scripts[shell];
    if (script === undefined) {
      throw new MosaicError('bad_request', 'Say for which shell: bash or zsh.');
    }
    terminal.print(script(names.join(' ')));
    return 0;
  },
});
