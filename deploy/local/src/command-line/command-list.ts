import type { CompletedCommand } from '../commands/completion.ts';
import type { Command } from './command.ts';

/** A command's line in the help, and its code, which is read only when it is asked for. */
interface ListedCommand {
  readonly summary: string;
  load(): Promise<Command>;
}

const list = async (noun: 'jobs' | 'keys' | 'models') =>
  (await import('../commands/list.ts')).listCommand(noun);

/** All commands with the options that their help names; reads the code of each. */
async function describeAll(): Promise<readonly CompletedCommand[]> {
  const { optionsIn } = await import('../commands/completion.ts');
  return Promise.all(
    Object.entries<ListedCommand>(commands).map(async ([name, { load, summary }]) => {
      const { usage } = await load();
      return { name, summary, options: optionsIn(usage) };
    }),
  );
}

/** Every command, in the order of the help. */
export const commands = {
  up: {
    summary: 'start everything and stay in the foreground',
    load: async () => (await import('../commands/up.ts')).upCommand,
  },
  down: {
    summary: 'stop the running Mosaic',
    load: async () => (await import('../commands/down.ts')).downCommand,
  },
  status: {
    summary: 'show what is running and whether it is well',
    load: async () => (await import('../commands/status.ts')).statusCommand,
  },
  doctor: {
    summary: 'check this machine and say what to do',
    load: async () => (await import('../commands/doctor.ts')).doctorCommand,
  },
  tui: {
    summary: 'chat in the terminal with the running Mosaic',
    load: async () => (await import('../commands/tui.ts')).tuiCommand,
  },
  ask: {
    summary: 'ask one question and print the answer',
    load: async () => (await import('../commands/ask.ts')).askCommand,
  },
  page: {
    summary: 'print a link that opens the page signed in',
    load: async () => (await import('../commands/page.ts')).pageCommand,
  },
  export: {
    summary: 'print a conversation as JSON',
    load: async () => (await import('../commands/export.ts')).exportCommand,
  },
  import: {
    summary: 'take over conversations from another Mosaic or from ChatGPT',
    load: async () => (await import('../commands/memory/import.ts')).importCommand,
  },
  memory: {
    summary: 'show, add, correct and remove what is remembered of you',
    load: async () => (await import('../commands/memory/memory.ts')).memoryCommand,
  },
  preferences: {
    summary: 'show and change your settings, or those of everybody',
    load: async () => (await import('../commands/memory/preferences.ts')).preferencesCommand,
  },
  storage: {
    summary: 'show how much is stored of you, and bring back what is compressed',
    load: async () => (await import('../commands/memory/storage.ts')).storageCommand,
  },
  models: { summary: 'list the models and their prices', load: () => list('models') },
  rules: {
    summary: 'list, explain, change, test and replay the routing rules',
    load: async () => (await import('../commands/rules/rules.ts')).rulesCommand,
  },
  agents: {
    summary: 'list the agents, and make, change and remove your own',
    load: async () => (await import('../commands/agents/agents.ts')).agentsCommand,
  },
  tools: {
    summary: 'list the tools, what an agent may do with each, and what works now',
    load: async () => (await import('../commands/agents/tools.ts')).toolsCommand,
  },
  jobs: { summary: 'list background jobs', load: () => list('jobs') },
  keys: { summary: 'list your API keys', load: () => list('keys') },
  providers: {
    summary: 'list vendors, and keep, test or remove keys of your own for them',
    load: async () => (await import('../commands/providers.ts')).providersCommand,
  },
  channels: {
    summary: 'list channels, or add one for a bridge',
    load: async () => (await import('../commands/channels.ts')).channelsCommand,
  },
  init: {
    summary: 'write keys and credentials for a deployment with containers',
    load: async () => (await import('../commands/deployment/init.ts')).initCommand,
  },
  provision: {
    summary: 'make the streams on the NATS server that NATS_URL names',
    load: async () => (await import('../commands/deployment/provision.ts')).provisionCommand,
  },
  completion: {
    summary: 'print a completion script for bash, zsh or fish',
    load: async () => (await import('../commands/completion.ts')).completionCommand(describeAll),
  },
} as const satisfies Record<string, ListedCommand>;

export type CommandName = keyof typeof commands;

export const commandNames = Object.keys(commands) as readonly CommandName[];

/** Whether a word from the command line is a command. */
export function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(commands, word);
}
