import type { ConversationView } from '@mosaic/proto';

/** What opens over the page for a command. */
export type DialogName = 'help' | 'instructions' | 'agents' | 'new-agent' | 'tools';

export interface Choice {
  readonly model?: string | null;
  readonly agent?: string;
}

/** What a command may do on the page. */
export interface CommandContext {
  /** Null on the page that begins one. */
  readonly conversationId: string | null;
  readonly view: ConversationView | undefined;
  choose(choice: Choice): void;
  /** `model`: for this one message. */
  send(text: string, model?: string): void;
  go(path: string): void;
  /** `agent`: another than that of the conversation; with `agents` the one to be changed. */
  open(dialog: DialogName, agent?: string): void;
}

/** What a command does here; a sentence when there is something to say. */
export type PageCommand = (argument: string, context: CommandContext) => Promise<string | null>;

/** For a command that needs a conversation; says so where there is none yet. */
export const inConversation =
  (
    run: (argument: string, id: string, context: CommandContext) => Promise<string | null>,
  ): PageCommand =>
  async (argument, context) => {
    const { conversationId } = context;
    if (conversationId === null) return 'There is no conversation yet: write the first message.';
    return run(argument, conversationId, context);
  };
