import { z } from 'zod';
import { nearestName } from '../nearest-name.ts';

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
  /** Every other surface says by name that it is not for it. */
  worksIn: z.array(commandSurfaceSchema).readonly(),
});
export type CommandSpec = z.infer<typeof commandSchema>;

/** Answer of `GET /api/commands`. */
export const commandsReply = z.object({ commands: z.array(commandSchema) });

type Group = CommandSpec['group'];
const terminal = ['terminal'] as const;
const everywhere = ['terminal', 'page'] as const;

const command = <Name extends string, Where extends readonly CommandSurface[]>(
  name: Name,
  spec: { args?: string; summary: string; group: Group; worksIn: Where },
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
    worksIn: everywhere,
  }),
  command('tools', {
    args: '[agent]',
    summary: 'list the tools, what the agent may do with each, and what works now',
    group: 'model',
    worksIn: everywhere,
  }),
  command('thinking', {
    args: '[effort|auto|show|hide]',
    summary: 'set how much models think here, or show what the last one thought',
    group: 'model',
    worksIn: everywhere,
  }),
  command('rules', {
    summary: 'list the routing rules in force, and what is doubtful about them',
    group: 'model',
    worksIn: everywhere,
  }),
  command('route', {
    args: '[task|good|bad]',
    summary: 'say what the last message really was, or how its answer was',
    group: 'model',
    worksIn: everywhere,
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
    worksIn: everywhere,
  }),
  command('search', {
    args: '<words>',
    summary: 'find what was said and what is remembered, by words and by meaning',
    group: 'conversation',
    worksIn: everywhere,
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
    worksIn: everywhere,
  }),
  command('export', {
    args: '[markdown|json] [file]',
    summary: 'write this conversation to a file',
    group: 'conversation',
    worksIn: everywhere,
  }),
  command('pin', {
    summary: 'keep this conversation in front of the list, or let it go again',
    group: 'conversation',
    worksIn: everywhere,
  }),
  command('archive', {
    summary: 'take this conversation out of the list, or bring it back',
    group: 'conversation',
    worksIn: everywhere,
  }),
  command('incognito', {
    summary: 'remember nothing of this conversation, or begin to again',
    group: 'conversation',
    worksIn: everywhere,
  }),
  command('approve', {
    args: '<once|conversation|deny>',
    summary: 'answer a tool call that waits for you',
    group: 'answer',
    worksIn: everywhere,
  }),
  command('why', {
    summary: 'show why the last answer came from its model',
    group: 'answer',
    worksIn: everywhere,
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
    worksIn: everywhere,
  }),
  command('cost', {
    summary: 'show what this conversation, today and the last 30 days cost',
    group: 'answer',
    worksIn: everywhere,
  }),
  command('memory', {
    args: '[words]',
    summary: 'look through what is remembered of you, and forget it',
    group: 'memory',
    worksIn: everywhere,
  }),
  command('remember', {
    args: '<fact>',
    summary: 'keep a fact about you for every later conversation',
    group: 'memory',
    worksIn: everywhere,
  }),
  command('storage', {
    args: '[restore]',
    summary: 'show how much is stored of you, or bring this conversation back',
    group: 'memory',
    worksIn: everywhere,
  }),
  command('theme', {
    args: '[auto|dark|light|terminal]',
    summary: 'choose the colours',
    group: 'program',
    worksIn: terminal,
  }),
  command('help', { summary: 'list commands and keys', group: 'program', worksIn: everywhere }),
  command('quit', {
    summary: 'leave; a running answer goes on and is there when you come back',
    group: 'program',
    worksIn: terminal,
  }),
] as const satisfies readonly CommandSpec[];

type Manifest = typeof commandManifest;
export type CommandName = Manifest[number]['name'];

type IfIn<One, Surface> = One extends { readonly name: infer Name; readonly worksIn: infer Where }
  ? Where extends readonly (infer Place)[]
    ? Surface extends Place
      ? Name
      : never
    : never
  : never;

/** The commands that one kind of client must have code for. */
export type CommandNameIn<Surface extends CommandSurface> = IfIn<Manifest[number], Surface> &
  CommandName;

/** The commands of one surface, in the order of help. */
export function commandsOf<Surface extends CommandSurface>(
  surface: Surface,
): readonly (CommandSpec & { readonly name: CommandNameIn<Surface> })[] {
  const works = (one: CommandSpec): one is CommandSpec & { name: CommandNameIn<Surface> } =>
    one.worksIn.includes(surface);
  const all: readonly CommandSpec[] = commandManifest;
  return all.filter(works);
}

const places: Readonly<Record<CommandSurface, string>> = {
  terminal: 'in the terminal',
  page: 'on the page',
  bridge: 'in a chat room',
};

/** What a person typed: a message, a command with its argument, or what can't be done here and why. */
export type Typed<Surface extends CommandSurface> =
  | { readonly kind: 'message' }
  | {
      readonly kind: 'command';
      readonly name: CommandNameIn<Surface>;
      readonly argument: string;
    }
  | { readonly kind: 'refused'; readonly sentence: string };

/**
 * Tells a command (`/word`, on one line) from a message: paths such as `/etc/hosts` are messages. In a
 * chat room a word that is no command of ours is a message too: it may be one of the room's own.
 */
export function readTyped<Surface extends CommandSurface>(
  text: string,
  surface: Surface,
): Typed<Surface> {
  const [, word, argument = ''] = /^\/([a-z-]*)(?:[^\S\n]+(.*))?$/i.exec(text.trimEnd()) ?? [];
  if (word === undefined) return { kind: 'message' };
  const here = commandsOf(surface);
  const wanted = word.toLowerCase();
  const known = here.find(({ name }) => name === wanted);
  if (known !== undefined) return { kind: 'command', name: known.name, argument: argument.trim() };
  const elsewhere = commandManifest.find(({ name }) => name === wanted);
  if (elsewhere !== undefined) return { kind: 'refused', sentence: notHere(elsewhere, surface) };
  if (surface === 'bridge') return { kind: 'message' };
  const nearest = nearestName(
    wanted,
    here.map(({ name }) => name),
  );
  const hint = nearest === undefined ? '/help lists them all.' : `Did you mean /${nearest}?`;
  return { kind: 'refused', sentence: `Unknown command /${word}. ${hint}` };
}

function notHere({ name, worksIn }: CommandSpec, surface: CommandSurface): string {
  const there = worksIn.map((one) => places[one]).join(' and ');
  return `/${name} works ${there}, not ${places[surface]}.`;
}
