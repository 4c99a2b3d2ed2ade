import type { ErrorCode } from '@mosaic/proto';
import { askExitCodes, runAsk } from '@mosaic/tui';
import type { Command } from '../command-line/command.ts';
import { readOptionsQuickly } from '../command-line/read-options-quickly.ts';
import { clientSettingsQuickly } from '../running/client-settings-quickly.ts';

export const askCommand: Command = {
  usage: `Usage: mosaic ask "TEXT" [options]

Asks the running Mosaic one question; piped text is added to it. The answer goes to the standard
output, which model gave it and why to the standard error.

  --model M           this model instead of the one that the rules choose
  --agent A           this agent
  --conversation ID   go on with this conversation
  --json              the events of the turn as lines of JSON (docs/terminal.md)
  --url U --token T   another Mosaic than the one of this machine (MOSAIC_URL, MOSAIC_TOKEN)
  --data-dir D        the one that runs from this directory

The exit code says how it went: 0 answered, 1 failed or stopped, 2 wrong options or nothing to ask,
3 Mosaic is not reachable, 4 the token is not accepted, 5 a tool call needs a person's approval.`,
  async run(args, terminal) {
    try {
      const { values, positionals } = await readOptionsQuickly(args, options);
      const { agent, conversation, json, model } = values;
      const where = await clientSettingsQuickly(values);
      return await runAsk({
        ...where,
        text: positionals.join(' '),
        model,
        agent,
        conversation,
        json,
      });
    } catch (thrown) {
      const { describeError, toLauncherError } = await import('../command-line/describe-error.ts');
      terminal.warn(`mosaic: ${describeError(thrown)}`);
      return exitCodes[toLauncherError(thrown).code] ?? askExitCodes.failed;
    }
  },
};

/** For what goes wrong before anything is asked. */
const exitCodes: Partial<Record<ErrorCode, number>> = {
  bad_request: askExitCodes.badUsage,
  service_unavailable: askExitCodes.notReachable,
};

const options = {
  model: { type: 'string' },
  agent: { type: 'string' },
  conversation: { type: 'string' },
  json: { type: 'boolean' },
  url: { type: 'string' },
  token: { type: 'string' },
  'data-dir': { type: 'string' },
} as const;
