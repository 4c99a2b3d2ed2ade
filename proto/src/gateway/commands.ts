import { z } from 'zod';

/** Where people type commands. `bridge` is a chat room behind a channel. */
export const commandSurfaces = ['terminal', 'page', 'bridge'] as const;
export const commandSurfaceSchema = z.enum(commandSurfaces);
export type CommandSurface = z.infer<typeof commandSurfaceSchema>;

/** The order of help. */
export const commandGroups = ['model', 'conversation', 'answer', 'memory', 'program'] as const;

/** One slash command, as help and completion show it. */
export const commandSchema = z.object({
  name: z.string().regex(/^[a-z]+$/),
  /** How its arguments are written: `[name|auto]`; empty when it takes none. */
  arguments: z.string(),
  summary: z.string().max(80),
  group: z.enum(commandGroups),
  worksIn: z.array(commandSurfaceSchema),
});
export type CommandSpec = z.infer<typeof commandSchema>;

/** Answer of `GET /api/commands`. */
export const commandsReply = z.object({ commands: z.array(commandSchema) });

type Group = CommandSpec['group'];
const terminal: CommandSurface[] = ['terminal'];
const everywhere: CommandSurface[] = ['terminal', 'page'];

const command = <Name extends string>(
  name: Name,
  spec: { args?: string; summary: string; group: Group; worksIn: CommandSurface[] },
) => {
  const { args = '', ...rest } = spec;
  return { name, arguments: args, ...rest };
};

/**
 * Every slash command, in the order of help. A client gives each one that works there its code, and a
 * type error tells when it forgot one.
 */
export const commandManifest = [
  command('model', {
    args: '[name|auto]',
    summary: 'pin a model for this conversation, or let the router choose again',
    group: 'model',
    worksIn: everywhere,
  }),
  command('agent', {
    args: '[name|new|edit|list|remove]',
    summary: 'change the agent of this conversation, or make one of your own',
    group: 'model',
    worksIn: everywhere,
  }),
  command('system', {
    summary: "show the agent's instructions and its tools",
    group: 'model',
    worksIn: terminal,
  }),
  command('thinking', {
    args: '[effort|auto|show|hide]',
    summary: 'set how much models think here, or show what the last one thought',
    group: 'model',
    worksIn: terminal,
  }),
  command('rules', {
    summary: 'list the routing rules in force, and what is doubtful about them',
    group: 'model',
    worksIn: terminal,
  }),
  command('route', {
    args: '[task|good|bad]',
    summary: 'say what the last message really was, or how its answer was',
    group: 'model',
    worksIn: terminal,
  }),
  command('new', {
    summary: 'begin a new conversation',
    group: 'conversation',
    worksIn: everywhere,
  }),
  command('history', {
    args: '[words]',
    summary: 'list, search and resume conversations',
    group: 'conversation',
    worksIn: terminal,
  }),
  command('rename', {
    args: '<title>',
    summary: 'give this conversation a title',
    group: 'conversation',
    worksIn: everywhere,
  }),
  command('fork', {
    summary: 'go on in a copy of this conversation',
    group: 'conversation',
    worksIn: terminal,
  }),
  command('export', {
    args: '[markdown|json] [file]',
    summary: 'write this conversation to a file',
    group: 'conversation',
    worksIn: terminal,
  }),
  command('why', {
    summary: 'show why the last answer came from its model',
    group: 'answer',
    worksIn: terminal,
  }),
  command('retry', {
    args: '[model]',
    summary: 'ask the last question again, of another model if you name one',
    group: 'answer',
    worksIn: everywhere,
  }),
  command('copy', {
    args: '[code]',
    summary: 'copy the last answer, or its last block of code',
    group: 'answer',
    worksIn: terminal,
  }),
  command('cost', {
    summary: 'show what this conversation, today and the last 30 days cost',
    group: 'answer',
    worksIn: terminal,
  }),
  command('memory', {
    args: '[words]',
    summary: 'look through what is remembered of you, and forget it',
    group: 'memory',
    worksIn: terminal,
  }),
  command('remember', {
    args: '<fact>',
    summary: 'keep a fact about you for every later conversation',
    group: 'memory',
    worksIn: terminal,
  }),
  command('storage', {
    args: '[restore]',
    summary: 'show how much is stored of you, or bring this conversation back',
    group: 'memory',
    worksIn: terminal,
  }),
  command('theme', {
    args: '[auto|dark|light|terminal]',
    summary: 'choose the colours',
    group: 'program',
    worksIn: terminal,
  }),
  command('help', { summary: 'list commands and keys', group: 'program', worksIn: terminal }),
  command('quit', {
    summary: 'leave; a running answer goes on and is there when you come back',
    group: 'program',
    worksIn: terminal,
  }),
] as const satisfies readonly CommandSpec[];

export type CommandName = (typeof commandManifest)[number]['name'];

/** The commands of one surface, in the order of help. */
export function commandsOf(surface: CommandSurface): readonly CommandSpec[] {
  return commandManifest.filter(({ worksIn }: CommandSpec) => worksIn.includes(surface));
}
