import {
  type ConversationEvent,
  conversationEventSchema,
  type ModelRef,
  terminalEventTypes,
} from '@mosaic/proto';
import type { z } from 'zod';

/** How far the answer to one message has come. */
export interface TurnState {
  readonly run: string | null;
  readonly status: 'waiting' | 'running' | 'ended';
}

/** What the writer of a conversation's log must know; folded from the log and nothing else. */
export interface ConversationState {
  readonly seq: number;
  readonly isDeleted: boolean;
  readonly agent: string;
  readonly pinnedModel: string | null;
  readonly titledBy: 'user' | 'job' | null;
  readonly turns: ReadonlyMap<string, TurnState>;
  /** Who answered last: the model that a follow-up stays with. */
  readonly lastRoute: ModelRef | undefined;
  readonly events: readonly ConversationEvent[];
}

/** An event without the numbers that only the append can know. */
export type EventDraft = ConversationEvent extends infer Event
  ? Event extends ConversationEvent
    ? Omit<Event, 'seq' | 'at' | 'conversationId'>
    : never
  : never;

export const unopened: ConversationState = {
  seq: 0,
  isDeleted: false,
  agent: 'assistant',
  pinnedModel: null,
  titledBy: null,
  turns: new Map(),
  lastRoute: undefined,
  events: [],
};

/** Numbers a draft as the next event of the conversation. */
export function numberEvent(
  draft: EventDraft,
  place: { readonly conversationId: string; readonly seq: number; readonly atMs: number },
): ConversationEvent {
  const { conversationId, seq, atMs } = place;
  const numbered: z.input<typeof conversationEventSchema> = {
    ...draft,
    conversationId,
    seq,
    at: new Date(atMs).toISOString(),
  };
  return conversationEventSchema.parse(numbered);
}

/** Applies one event. The log is gapless, so an event out of order is a fault of the caller. */
export function applyEvent(state: ConversationState, event: ConversationEvent): ConversationState {
  if (event.seq !== state.seq + 1) {
    throw new RangeError(`event ${event.seq} does not follow ${state.seq}`);
  }
  const next = { ...state, seq: event.seq, events: [...state.events, event] };
  switch (event.type) {
    case 'conversation.created':
      return {
        ...next,
        agent: event.agent,
        pinnedModel: event.model,
        titledBy: event.title === null ? null : 'user',
      };
    case 'conversation.renamed':
      return { ...next, titledBy: event.by };
    case 'conversation.agent-changed':
      return { ...next, agent: event.agent };
    case 'conversation.model-pinned':
      return { ...next, pinnedModel: event.model };
    case 'conversation.deleted':
      return { ...next, isDeleted: true, events: [] };
    default:
      return applyTurnEvent(next, event);
  }
}

function applyTurnEvent(state: ConversationState, event: ConversationEvent): ConversationState {
  if (event.type === 'message.added')
    return withTurn(state, event.messageId, { run: null, status: 'waiting' });
  if (event.type === 'turn.routed') {
    const { provider, model } = event.decision;
    const running = withTurn(state, event.messageId, { run: event.run, status: 'running' });
    return { ...running, lastRoute: { provider, model } };
  }
  if (event.type === 'turn.restarted')
    return withTurn(state, event.messageId, { run: event.run, status: 'running' });
  if (isTerminal(event)) {
    const ended = withTurn(state, event.messageId, { run: event.run, status: 'ended' });
    return event.type === 'turn.completed'
      ? { ...ended, lastRoute: { provider: event.provider, model: event.model } }
      : ended;
  }
  return state;
}

function isTerminal(
  event: ConversationEvent,
): event is Extract<ConversationEvent, { type: (typeof terminalEventTypes)[number] }> {
  return terminalEventTypes.some((type) => type === event.type);
}

function withTurn(state: ConversationState, messageId: string, turn: TurnState): ConversationState {
  return { ...state, turns: new Map(state.turns).set(messageId, turn) };
}
