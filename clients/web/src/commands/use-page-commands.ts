import { type CommandSpec, type ConversationView, toMosaicError } from '@mosaic/proto';
import { useCatalogue } from '../composer/use-catalogue.ts';
import { navigate } from '../navigation/use-path.ts';
import { fetchCommands } from '../rest/catalogue.ts';
import { type CommandContext, commandsHere, runTyped } from './page-commands.ts';

interface PageCommandsOptions extends Pick<CommandContext, 'choose' | 'conversationId' | 'send'> {
  readonly view: ConversationView | undefined;
  /** What a command has to say; null when all is well. */
  readonly onSaid: (sentence: string | null) => void;
}

interface PageCommands {
  readonly commands: readonly CommandSpec[];
  /** Runs what was typed when it is a command, and sends it when it is none. */
  readonly submit: (text: string) => void;
}

/** The slash commands of a conversation's page. */
export function usePageCommands(options: PageCommandsOptions): PageCommands {
  const { choose, conversationId, onSaid, send, view } = options;
  const { items } = useCatalogue(fetchCommands);
  const commands = commandsHere(items);
  const asked = view?.messages.findLast((message) => message.role === 'user');
  const run = async (text: string): Promise<void> => {
    const lastQuestion = asked?.role === 'user' ? asked.text : null;
    const context = { choose, conversationId, lastQuestion, send, begin: () => navigate('/') };
    const said = await runTyped(text, commands, context);
    if (said === null) send(text);
    else if (said !== '') onSaid(said);
  };
  const submit = (text: string): void => {
    onSaid(null);
    run(text).catch((error: unknown) => onSaid(toMosaicError(error).message));
  };
  return { commands, submit };
}
