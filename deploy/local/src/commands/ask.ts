import { runAsk } from '@mosaic/tui';
import type { Command } from '../command-line/command.ts';
import { readOptions } from '../command-line/read-options.ts';
import { clientSettings } from '../running/client-settings.ts';

export const askCommand: Command = {
  usage: `Usage: mosaic ask "TEXT" [options]

Asks the running Mosaic one question; piped text is added to it. The answer goes to the standard
output, which model gave it and why to the standard error.

  --model M           this model instead of the one that the rules choose
  --agent A           this agent
  --conversation ID   go on with this conversation
  --json              the events of the turn as lines of JSON
  --url U --token T   another Mosaic than the one of this machine (MOSAIC_URL, MOSAIC_TOKEN)
  --data-dir D        the one that runs from this directory`,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      model: { type: 'string' },
      agent: { type: 'string' },
      conversation: { type: 'string' },
      json: { type: 'boolean' },
      url: { type: 'string' },
      token: { type: 'string' },
      'data-dir': { type: 'string' },
    });
    const { agent, conversation, json, model } = values;
    const text = positionals.join(' ');
    return runAsk({ ...clientSettings(values), text, model, agent, conversation, json });
  },
};
