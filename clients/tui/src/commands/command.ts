import type { ChatSession } from '../session/chat-session.ts';
import type { Preferences } from '../settings/preferences.ts';

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
  readonly preferences: Preferences;
  /** Keys and what they do, for help. */
  readonly keys: readonly (readonly [string, string])[];
  /** Prints lines that stay. */
  readonly print: (lines: readonly string[]) => void;
  /** Lets the person choose; null when they leave. */
  readonly choose: (list: ChoiceList) => Promise<string | null>;
  /** Puts text where it can be pasted from; says in a sentence where that is. */
  readonly copy: (text: string) => string;
  readonly quit: () => void;
}

/** The code of one command of the manifest. May throw a `MosaicError`, which is shown. */
export type RunCommand = (argument: string, host: CommandHost) => Promise<void> | void;
