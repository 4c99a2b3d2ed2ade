import type { ChatSession } from '../session/chat-session.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description: string;
}

export interface ChoiceList {
  readonly title: string;
  readonly choices: readonly Choice[];
  /** Finds more choices for what was typed. */
  readonly search?: (query: string) => Promise<readonly Choice[]>;
}

/** What a command may do; the rich and the plain screen both offer it. */
export interface CommandHost {
  readonly session: ChatSession;
  /** Prints lines that stay. */
  readonly print: (lines: readonly string[]) => void;
  /** Lets the person choose; null when they leave. */
  readonly choose: (list: ChoiceList) => Promise<string | null>;
  readonly quit: () => void;
}

export interface Command {
  readonly name: string;
  /** How its argument is written in help: `[name|auto]`, or ''. */
  readonly argument: string;
  readonly summary: string;
  /** May throw a `MosaicError`, which is shown. */
  run(argument: string, host: CommandHost): Promise<void> | void;
}
