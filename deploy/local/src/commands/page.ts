import type { Command } from '../command-line/command.ts';
import { readOptions, refuseWords } from '../command-line/read-options.ts';
import { findMosaic } from '../running/running-mosaic.ts';

export const pageCommand: Command = {
  usage: `Usage: mosaic page [--json] [--data-dir D]

Prints a link that opens the page of the running Mosaic signed in as the owner of this machine. The
link holds the owner's key: give it to nobody. The page takes the key out of its address at once.`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, {
      json: { type: 'boolean' },
      'data-dir': { type: 'string' },
    });
    refuseWords(positionals);
    const { state, token } = findMosaic(values);
    const url = `${state.url}/#token=${encodeURIComponent(token)}`;
    terminal.print(values.json === true ? JSON.stringify({ url }) : url);
    return 0;
  },
};
