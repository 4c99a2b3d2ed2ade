import {
  type ConversationView,
  emptyView,
  findGap,
  foldDelta,
  foldEvent,
  type ServerFrame,
} from '@mosaic/proto';
import type { Outbox, OutboxEntry } from './outbox.ts';

export type Welcome = Extract<ServerFrame, { type: 'welcome' }>;

export interface OpenConversation {
  readonly view: ConversationView;
  /** True once everything that had happened before was replayed. */
  readonly isCaughtUp: boolean;
  /** Why it can't be shown, for people. */
  readonly problem: string | null;
}

/** `refused`: the gateway does not accept who we are; nothing is tried again until sign-in. */
export type Link = 'connecting' | 'open' | 'lost' | 'refused';

/** Everything the page knows from the socket. Changed by `foldInput` and nothing else. */
export interface TransportState {
  readonly link: Link;
  readonly welcome: Welcome | null;
  readonly conversations: Readonly<Record<string, OpenConversation>>;
  readonly outbox: readonly OutboxEntry[];
  /** Whose page this is: all of the above is forgotten when somebody else signs in. */
  readonly owner: string | null;
}

export type TransportInput =
  | { readonly type: 'frame'; readonly frame: ServerFrame }
  | { readonly type: 'link'; readonly link: Link }
  | { readonly type: 'opened'; readonly conversationId: string; readonly isNew: boolean }
  | { readonly type: 'queued'; readonly entry: OutboxEntry }
  | {
      readonly type: 'outbox-changed';
      readonly messageId: string;
      readonly change: Partial<OutboxEntry>;
    };

export function emptyTransport({ owner, entries }: Outbox): TransportState {
  return { link: 'connecting', welcome: null, conversations: {}, outbox: entries, owner };
}

/** Applies one input. Pure; a frame seen twice changes nothing the second time. */
export function foldInput(state: TransportState, input: TransportInput): TransportState {
  switch (input.type) {
    case 'frame':
      return foldFrame(state, input.frame);
    case 'link':
      return { ...state, link: input.link };
    case 'opened':
      if (state.conversations[input.conversationId] !== undefined) return state;
      return putConversation(state, input.conversationId, { isCaughtUp: input.isNew });
    case 'queued': {
      const others = state.outbox.filter(({ messageId }) => messageId !== input.entry.messageId);
      return { ...state, outbox: [...others, input.entry] };
    }
    case 'outbox-changed':
      return changeEntry(state, input.messageId, input.change);
    default:
      return input satisfies never;
  }
}

/** The conversation and the number after which to subscribe again when `frame` leaves a gap. */
export function findMissing(
  state: TransportState,
  frame: ServerFrame,
): { readonly conversationId: string; readonly after: number } | null {
  if (frame.type !== 'event') return null;
  const { conversationId } = frame.event;
  const open = state.conversations[conversationId];
  if (open === undefined) return null;
  const after = findGap(open.view, frame.event);
  return after === null ? null : { conversationId, after };
}

function foldFrame(state: TransportState, frame: ServerFrame): TransportState {
  switch (frame.type) {
    case 'welcome':
      return greet(state, frame);
    case 'event': {
      const { event } = frame;
      const open = state.conversations[event.conversationId];
      if (open === undefined) return state;
      const view = foldEvent(open.view, event);
      const shown = event.type === 'message.added' ? withoutEntry(state, event.messageId) : state;
      return putConversation(shown, event.conversationId, { view });
    }
    case 'delta': {
      const { delta } = frame;
      const open = state.conversations[delta.conversationId];
      if (open === undefined) return state;
      return putConversation(state, delta.conversationId, { view: foldDelta(open.view, delta) });
    }
    case 'live':
      if (state.conversations[frame.conversationId] === undefined) return state;
      return putConversation(state, frame.conversationId, { isCaughtUp: true, problem: null });
    case 'accepted':
      return changeEntry(state, frame.messageId, { state: 'sent', problem: null });
    case 'error':
      return foldError(state, frame);
    case 'pong':
    case 'tick':
      return state;
    default:
      return frame satisfies never;
  }
}

function greet(state: TransportState, welcome: Welcome): TransportState {
  const owner = welcome.user.id;
  const isOther = state.owner !== null && state.owner !== owner;
  const known = isOther ? emptyTransport({ owner, entries: [] }) : state;
  return { ...known, owner, link: 'open', welcome };
}

/** An error is about a message, a conversation, or the connection itself. */
function foldError(
  state: TransportState,
  { about, error }: Extract<ServerFrame, { type: 'error' }>,
): TransportState {
  if (error.code === 'unauthenticated') return { ...state, link: 'refused' };
  if (about === undefined) return state;
  if (state.conversations[about] !== undefined) {
    return putConversation(state, about, { problem: error.message });
  }
  return changeEntry(state, about, { state: 'failed', problem: error.message });
}

function putConversation(
  state: TransportState,
  id: string,
  change: Partial<OpenConversation>,
): TransportState {
  const before = state.conversations[id] ?? {
    view: emptyView(id),
    isCaughtUp: false,
    problem: null,
  };
  return { ...state, conversations: { ...state.conversations, [id]: { ...before, ...change } } };
}

function changeEntry(
  state: TransportState,
  messageId: string,
  change: Partial<OutboxEntry>,
): TransportState {
  const outbox = state.outbox.map((entry) =>
    entry.messageId === messageId ? { ...entry, ...change } : entry,
  );
  return { ...state, outbox };
}

function withoutEntry(state: TransportState, messageId: string): TransportState {
  const outbox = state.outbox.filter((entry) => entry.messageId !== messageId);
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}
