import { type CommandName, commandsOf, nearestName, toMosaicError } from '@mosaic/proto/client';
import { commandFailureLines } from '../text/failure-lines.ts';
import { oneLine } from '../text/neutralise-controls.ts';
import type { CommandHost } from './command.ts';
import { commandCode } from './command-list.ts';

/** Whether what was typed is meant as a command: `/word`, and not a path such as `/etc/hosts`. */
export function isCommand(text: string): boolean {
  return /^\/[a-z-]*(?:\s|$)/i.test(text) && !text.includes('\n');
}

/** Runs `/name argument`; what goes wrong is printed, never thrown. */
export async function runCommand(text: string, host: CommandHost): Promise<void> {
  const [, typed = '', argument = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  const name = typed.toLowerCase();
  if (!isCommandName(name)) {
    host.print([unknownCommand(typed)]);
    return;
  }
  try {
    const run = () => commandCode[name](argument.trim(), host);
    // `/model x` and a message right behind it: the message is for the new model.
    await (argument === '' ? run() : host.session.holdMessages(run));
  } catch (thrown) {
    host.print(commandFailureLines(toMosaicError(thrown)));
  }
}

function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commandCode, name);
}

function unknownCommand(name: string): string {
  const names = commandsOf('terminal').map((one) => one.name);
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '/help lists them all.' : `Did you mean /${nearest}?`;
  return `Unknown command /${oneLine(name)}. ${hint}`;
}
