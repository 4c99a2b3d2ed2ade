import { nearestName, toMosaicError } from '@mosaic/proto';
import { commandFailureLines } from '../text/failure-lines.ts';
import { oneLine } from '../text/neutralise-controls.ts';
import { agentCommand } from './agent.ts';
import type { Command, CommandHost } from './command.ts';
import { makeHelpCommand } from './help.ts';
import { historyCommand } from './history.ts';
import { modelCommand } from './model.ts';
import { newCommand } from './new.ts';
import { quitCommand } from './quit.ts';
import { routeCommand } from './route.ts';
import { whyCommand } from './why.ts';

/** All commands, in the order of help. A new one is a file beside this and a line here. */
export const commands: readonly Command[] = [
  modelCommand,
  agentCommand,
  newCommand,
  historyCommand,
  whyCommand,
  routeCommand,
  makeHelpCommand(() => commands),
  quitCommand,
];

/** Whether what was typed is meant as a command: `/word`, and not a path such as `/etc/hosts`. */
export function isCommand(text: string): boolean {
  return /^\/[a-z-]*(?:\s|$)/i.test(text) && !text.includes('\n');
}

/** Runs `/name argument`; what goes wrong is printed, never thrown. */
export async function runCommand(text: string, host: CommandHost): Promise<void> {
  const [, name = '', argument = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  const command = commands.find((one) => one.name === name.toLowerCase());
  if (command === undefined) {
    host.print([unknownCommand(name)]);
    return;
  }
  try {
    const run = () => command.run(argument.trim(), host);
    // `/model x` and a message right behind it: the message is for the new model.
    await (argument === '' ? run() : host.session.holdMessages(run));
  } catch (thrown) {
    host.print(commandFailureLines(toMosaicError(thrown)));
  }
}

function unknownCommand(name: string): string {
  const names = commands.map((one) => one.name);
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '/help lists them all.' : `Did you mean /${nearest}?`;
  return `Unknown command /${oneLine(name)}. ${hint}`;
}
