import type { ConversationEvent } from '@mosaic/proto';
import {
  emptyView,
  foldDelta,
  foldEvent,
  maxMessageChars,
  type ServerFrame,
} from '@mosaic/proto/client';
import type { ChatState, ConnectionState, PendingMessage } from './chat-state.ts';

/** The state before anything was heard, with a conversation that the server doesn't know yet. */
export function initialState(conversationId: string): ChatState {
  return {
    connection: { phase: 'connecting' },
    user: null,
    isDemo: false,
    maxMessageChars,
    conversation: emptyView(conversationId),
    isStored: false,
    isLive: false,
    pending: [],
    restarts: {},
    notices: [],
  };
}

/** Applies a frame of the gateway. Pure and idempotent: a frame heard twice shows nothing twice. */
export function reduceFrame(state: ChatState, frame: ServerFrame): ChatState {
  switch (frame.type) {
    case 'welcome': {
      const { user, isDemo } = frame;
      return { ...state, user, isDemo, maxMessageChars: frame.maxMessageChars };
    }
    case 'event':
      return reduceEvent(state, frame.event);
    case 'delta': {
      if (frame.delta.conversationId !== state.conversation.id) return state;
      return { ...state, conversation: foldDelta(state.conversation, frame.delta) };
    }
    case 'live':
      return frame.conversationId === state.conversation.id ? { ...state, isLive: true } : state;
    case 'accepted': {
      const pending = state.pending.map((message) =>
        message.messageId === frame.messageId
          ? { ...message, status: 'accepted' as const }
          : message,
      );
      return { ...state, pending };
    }
    case 'error':
      return reduceError(state, frame);
    case 'pong':
    case 'tick':
      return state;
    default:
      return frame satisfies never;
  }
}

function reduceEvent(state: ChatState, event: ConversationEvent): ChatState {
  if (event.conversationId !== state.conversation.id) return state;
  const conversation = foldEvent(state.conversation, event);
  if (conversation === state.conversation) return state;
  const next = { ...state, conversation, isStored: true };
  if (event.type === 'message.added') {
    const pending = state.pending.filter((message) => message.messageId !== event.messageId);
    return { ...next, pending };
  }
  if (event.type === 'turn.restarted') {
    return { ...next, restarts: { ...state.restarts, [event.run]: event.why } };
  }
  return next;
}

function reduceError(
  state: ChatState,
  { about, error }: Extract<ServerFrame, { type: 'error' }>,
): ChatState {
  const refused = state.pending.find((message) => message.messageId === about);
  if (refused === undefined) return addNotice(state, `${error.message} (${error.code})`);
  const pending = state.pending.filter((message) => message !== refused);
  const notice = `Not sent: ${error.message} (${error.code})`;
  return addNotice({ ...state, pending }, notice);
}

export function setConnection(state: ChatState, connection: ConnectionState): ChatState {
  return { ...state, connection };
}

export function addNotice(state: ChatState, notice: string): ChatState {
  return { ...state, notices: [...state.notices, notice] };
}

export function addPending(state: ChatState, message: Omit<PendingMessage, 'status'>): ChatState {
  return { ...state, pending: [...state.pending, { ...message, status: 'sending' }] };
}

/** Gives up messages that were sent and that the server will never take. */
export function dropPending(
  state: ChatState,
  sent: ReadonlySet<string>,
  notice: string,
): ChatState {
  const pending = state.pending.filter(
    ({ messageId, status }) => status === 'accepted' || !sent.has(messageId),
  );
  return pending.length === state.pending.length ? state : addNotice({ ...state, pending }, notice);
}

/** Turns to another conversation, known to the server or new. */
export function openConversation(
  state: ChatState,
  target: { readonly id: string; readonly isStored: boolean; readonly keepPending?: boolean },
): ChatState {
  return {
    ...state,
    conversation: emptyView(target.id),
    isStored: target.isStored,
    isLive: !target.isStored,
    pending: target.keepPending === true ? state.pending : [],
    restarts: {},
  };
}
