import { type CommandNameIn, type CommandSpec, readTyped } from '@mosaic/proto';
import { approve, copy, retry, why } from './code/answer-commands.ts';
import {
  archive,
  exportConversation,
  fork,
  incognito,
  pin,
  rename,
} from './code/conversation-commands.ts';
import { agent, model, route, system, thinking, tools } from './code/model-commands.ts';
import {
  begin,
  cost,
  help,
  history,
  memory,
  remember,
  rules,
  search,
  storage,
} from './code/page-views.ts';
import type { CommandContext, PageCommand } from './command-context.ts';

/** What each command of the manifest does here; names, arguments and summaries stand there. */
export const pageCommands: Readonly<Record<CommandNameIn<'page'>, PageCommand>> = {
  model,
  agent,
  system,
  tools,
  thinking,
  rules,
  route,
  new: begin,
  history,
  search,
  rename,
  fork,
  export: exportConversation,
  pin,
  archive,
  incognito,
  approve,
  why,
  retry,
  copy,
  cost,
  memory,
  remember,
  storage,
  help,
};

/** Of the gateway's list: what works on a page, and is known to this one. */
export function commandsHere(commands: readonly CommandSpec[]): readonly CommandSpec[] {
  return commands.filter(
    ({ name, worksIn }) => worksIn.includes('page') && Object.hasOwn(pageCommands, name),
  );
}

/**
 * Takes what was typed when it is a command: `message` when it is none, else what becomes of it, in a
 * sentence where there is something to say. `refused` at once: then nothing was done.
 */
export function takeTyped(
  text: string,
  context: CommandContext,
): 'message' | { readonly refused: string } | { readonly done: Promise<string | null> } {
  const typed = readTyped(text, 'page');
  switch (typed.kind) {
    case 'message':
      return 'message';
    case 'refused':
      return { refused: typed.sentence };
    case 'command':
      return { done: pageCommands[typed.name](typed.argument, context) };
    default:
      return typed satisfies never;
  }
}
