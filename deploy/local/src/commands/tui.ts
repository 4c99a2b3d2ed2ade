import { runTui } from '@mosaic/tui';
import type { Command } from '../command-line/command.ts';
import { readOptionsQuickly } from '../command-line/read-options-quickly.ts';
import { clientSettingsQuickly } from '../running/client-settings-quickly.ts';

export const tuiCommand: Command = {
  usage: `Usage: mosaic tui [options]

Chats in the terminal with the running Mosaic; "npm start" starts one.

  --conversation ID   open this conversation instead of the last one
  --new               open a new conversation
  --plain             lines instead of a screen: for screen readers and logs
  --url U --token T   another Mosaic than the one of this machine (MOSAIC_URL, MOSAIC_TOKEN)
  --data-dir D        the one that runs from this directory`,
  async run(args) {
    const { values, positionals } = await readOptionsQuickly(args, {
      conversation: { type: 'string' },
      new: { type: 'boolean' },
      plain: { type: 'boolean' },
      url: { type: 'string' },
      token: { type: 'string' },
      'data-dir': { type: 'string' },
    });
    if (positionals.length > 0) {
      (await import('../command-line/read-options.ts')).refuseWords(positionals);
    }
    const { conversation, plain } = values;
    await runTui({
      ...(await clientSettingsQuickly(values)),
      conversation,
      plain,
      newConversation: values.new,
    });
    return 0;
  },
};
