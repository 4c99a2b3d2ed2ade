import type { ConversationView, ServerFrame } from '@mosaic/proto';

/** How the socket to the gateway is doing. */
export type ConnectionState =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'online' }
  | { readonly phase: 'offline'; readonly wasOnline: boolean }
  | { readonly phase: 'signed-out'; readonly hasToken: boolean };

/** A message of ours that is not in the log yet. */
export interface PendingMessage {
  readonly messageId: string;
  readonly text: string;
  readonly model?: string;
  readonly agent?: string;
  /** Joins the running turn instead of waiting behind it. */
  readonly mode?: 'steer';
  /** `accepted` means that the server has it and will not lose it. */
  readonly status: 'sending' | 'accepted';
}

export type Welcome = Extract<ServerFrame, { type: 'welcome' }>;

/** Everything that the terminal knows; changed only by the functions beside this file. */
export interface ChatState {
  readonly connection: ConnectionState;
  readonly user: Welcome['user'] | null;
  /** True while look-alike vendors answer. */
  readonly isDemo: boolean;
  readonly maxMessageChars: number;
  readonly conversation: ConversationView;
  /** Whether the server knows the conversation; a new one is opened with its first message. */
  readonly isStored: boolean;
  /** Whether the history has been replayed: from here on everything is news. */
  readonly isLive: boolean;
  readonly pending: readonly PendingMessage[];
  /** Why a run took over from another one, by the new run's id. */
  readonly restarts: Readonly<Record<string, string>>;
  /** Sentences for the person, oldest first; only ever grows. */
  readonly notices: readonly string[];
}
