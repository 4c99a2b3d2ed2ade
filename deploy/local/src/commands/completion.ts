import { MosaicError } from '@mosaic/proto';
import type { Command } from '../command-line/command.ts';
import { commandNames } from '../command-line/command-list.ts';

const words = () => commandNames.join(' ');

const scripts: Readonly<Record<string, () => string>> = {
  bash: () => `complete -W '${words()}' mosaic`,
  zsh: () => `#compdef mosaic\n_mosaic() { compadd ${words()} }\ncompdef _mosaic mosaic`,
};

export const completionCommand: Command = {
  usage: `Usage: mosaic completion bash|zsh

Prints a script that completes the commands; for bash: eval "$(mosaic completion bash)".`,
  async run([shell = ''], terminal) {
    const script = scripts[shell];
    if (script === undefined) {
      throw new MosaicError('bad_request', 'Say for which shell: bash or zsh.');
    }
    terminal.print(script());
    return 0;
  },
};
