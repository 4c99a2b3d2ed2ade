import { readTyped, toMosaicError } from '@mosaic/proto/client';
import { commandFailureLines } from '../text/failure-lines.ts';
import type { CommandHost } from './command.ts';
import { commandCode } from './command-list.ts';

/** Whether what was typed is no message, but meant for this program. */
export function isCommand(text: string): boolean {
  return readTyped(text, 'terminal').kind !== 'message';
}

/** Runs `/name argument`; what goes wrong is printed, never thrown. */
export async function runCommand(text: string, host: CommandHost): Promise<void> {
  const typed = readTyped(text, 'terminal');
  if (typed.kind === 'message') return;
  if (typed.kind === 'refused') {
    host.print([typed.sentence]);
    return;
  }
  const { argument, name } = typed;
  try {
    const run = () => commandCode[name](argument, host);
    // `/model x` and a message right behind it: the message is for the new model.
    await (argument === '' ? run() : host.session.holdMessages(run));
  } catch (thrown) {
    host.print(commandFailureLines(toMosaicError(thrown)));
  }
}
