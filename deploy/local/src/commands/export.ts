import { MosaicError } from '@mosaic/proto';
import type { Command } from '../command-line/command.ts';
import { readOptions } from '../command-line/read-options.ts';
import { findMosaic } from '../running/running-mosaic.ts';

export const exportCommand: Command = {
  usage: `Usage: mosaic export CONVERSATION [--data-dir D]

Prints one of your conversations as JSON: messages, models, reasons, costs and events. The ids are in
the address of the page and in "mosaic tui --conversation".`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, { 'data-dir': { type: 'string' } });
    const [id, ...rest] = positionals;
    if (id === undefined || rest.length > 0) {
      throw new MosaicError('bad_request', 'Say which conversation: mosaic export CONVERSATION.');
    }
    const whole = await findMosaic(values).get(
      `/api/conversations/${encodeURIComponent(id)}/export`,
    );
    terminal.print(JSON.stringify(whole, null, 2));
    return 0;
  },
};
