import { formatModelRef, toMosaicError } from '@mosaic/proto';
import { useMemo } from 'react';
import { toOption } from '../composer/model-option.ts';
import { useCatalogue } from '../composer/use-catalogue.ts';
import { fetchAgents, fetchCommands, fetchModels } from '../rest/catalogue.ts';
import type { CommandContext } from './command-context.ts';
import { type ArgumentOptions, fixedArguments } from './menu-items.ts';
import { commandsHere, takeTyped } from './page-commands.ts';
import type { MenuSources } from './use-command-menu.ts';

interface PageCommandsOptions extends CommandContext {
  /** What a command has to say; null when all is well. */
  readonly onSaid: (said: Said | null) => void;
}

/** What a command has to say. */
export interface Said {
  readonly sentence: string;
  readonly isProblem: boolean;
}

interface PageCommands extends MenuSources {
  /** Runs what was typed when it is a command, and sends it when it is none; false: neither was done. */
  readonly submit: (text: string) => boolean;
}

/** The slash commands of a conversation's page. */
export function usePageCommands({ onSaid, ...context }: PageCommandsOptions): PageCommands {
  const { items } = useCatalogue(fetchCommands);
  const commands = useMemo(() => commandsHere(items), [items]);
  const submit = (text: string): boolean => {
    onSaid(null);
    const taken = takeTyped(text, context);
    if (taken === 'message') context.send(text);
    else if ('refused' in taken) {
      onSaid({ sentence: taken.refused, isProblem: true });
      return false;
    } else {
      taken.done.then(
        (sentence) => onSaid(sentence === null ? null : { sentence, isProblem: false }),
        (error: unknown) => onSaid({ sentence: toMosaicError(error).message, isProblem: true }),
      );
    }
    return true;
  };
  return { commands, argumentOptions: useArgumentOptions(), submit };
}

function useArgumentOptions(): ArgumentOptions {
  const { items: models } = useCatalogue(fetchModels);
  const { items: agents } = useCatalogue(fetchAgents);
  return useMemo(() => {
    const chat = models.filter(({ capabilities }) => !capabilities.includes('embedding'));
    const auto = { value: 'auto', label: 'auto', detail: 'as the rules say', problem: null };
    const named = chat.map((card) => ({ ...toOption(card), value: formatModelRef(card) }));
    const agentOptions = agents.map(({ description, name }) => ({
      ...{ value: name, label: name, detail: description, problem: null },
    }));
    return {
      ...fixedArguments,
      model: [auto, ...named],
      retry: named,
      agent: agentOptions,
      tools: agentOptions,
    };
  }, [models, agents]);
}
