import type { CommandName, CommandSpec } from '@mosaic/proto';
import { updateConversation } from '../rest/conversations.ts';

export interface CommandContext {
  /** Null on the page that begins one. */
  readonly conversationId: string | null;
  readonly lastQuestion: string | null;
  choose(choice: { readonly model?: string | null; readonly agent?: string }): void;
  send(text: string): void;
  begin(): void;
}

/** What a command does here; a sentence when there is something to say. */
type PageCommand = (argument: string, context: CommandContext) => Promise<string | null>;

/** The commands of the manifest that this page has code for. */
const pageCommands: Partial<Record<CommandName, PageCommand>> = {
  model: async (name, { choose }) => {
    if (name === '') return 'Say which: /model <name>, or /model auto.';
    choose({ model: name === 'auto' ? null : name });
    return null;
  },
  agent: async (name, { choose }) => {
    if (name === '') return 'Say which: /agent <name>.';
    choose({ agent: name });
    return null;
  },
  new: async (_argument, { begin }) => {
    begin();
    return null;
  },
  rename: async (title, { conversationId }) => {
    if (title === '') return 'Say the new title: /rename <title>.';
    if (conversationId === null) return 'There is no conversation yet to rename.';
    await updateConversation(conversationId, { title });
    return null;
  },
  retry: async (argument, { lastQuestion, send }) => {
    if (argument !== '') return 'To ask another model: /model <name>, then /retry.';
    if (lastQuestion === null) return 'There is no question yet to ask again.';
    send(lastQuestion);
    return null;
  },
};

/** Of the gateway's list: what works on a page, and is known to this one. */
export function commandsHere(commands: readonly CommandSpec[]): readonly CommandSpec[] {
  return commands.filter(
    ({ name, worksIn }) => worksIn.includes('page') && Object.hasOwn(pageCommands, name),
  );
}

/** The commands that what is typed may become; none when it is a message. */
export function commandsFor(
  typed: string,
  commands: readonly CommandSpec[],
): readonly CommandSpec[] {
  const word = /^\/([a-z]*)$/.exec(typed)?.[1];
  return word === undefined ? [] : commands.filter(({ name }) => name.startsWith(word));
}

/** Runs what was typed when it is a command: null for a message, else what to say ('' for nothing). */
export async function runTyped(
  text: string,
  commands: readonly CommandSpec[],
  context: CommandContext,
): Promise<string | null> {
  const [, word = '', argument = ''] = /^\/([a-z]+)(?:\s+(.*))?$/.exec(text) ?? [];
  const known = commands.find(({ name }) => name === word);
  const command = known === undefined ? undefined : pageCommands[known.name as CommandName];
  if (command === undefined) return null;
  return (await command(argument.trim(), context)) ?? '';
}
