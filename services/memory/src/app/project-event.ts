import { type Arrangement, arrange, type ConversationEvent, unarranged } from '@mosaic/proto';

/** What memory keeps of a conversation beside its events and messages. */
export interface ConversationState extends Arrangement {
  readonly title: string | null;
  readonly agent: string;
  readonly model: string | null;
  readonly messageCount: number;
  readonly seq: number;
  readonly createdAt: string;
  /** Last message or answer, or the making of the conversation. */
  readonly updatedAt: string;
  readonly deletedAt: string | null;
}

/** A change of the searchable messages that comes with an event. */
export type MessageChange =
  | {
      readonly kind: 'add';
      readonly id: string;
      readonly role: 'user' | 'assistant';
      /** Goes behind what the message has already: an answer with tool calls is written in steps. */
      readonly text: string;
      /** The person who wrote it, where the log names one. */
      readonly speaker: string | null;
    }
  | { readonly kind: 'remove'; readonly id: string };

export interface Projection {
  readonly state: ConversationState;
  readonly message: MessageChange | null;
}

/** Only what changes nothing that was said: an index of it is not old by these. */
const withoutWords: ReadonlySet<ConversationEvent['type']> = new Set([
  'conversation.created',
  'conversation.renamed',
  'turn.routed',
  'tool.finished',
] satisfies ConversationEvent['type'][]);

/** False for events that neither add nor remove a text that search finds. */
export function mayChangePassages({ type }: ConversationEvent): boolean {
  return !withoutWords.has(type);
}

/** What the log of an ordinary conversation never shows: one that does not begin with its making. */
const unnamed = {
  ...unarranged,
  title: null,
  agent: 'assistant',
  model: null,
  messageCount: 0,
  deletedAt: null,
};

/** The state and the messages after one more event. Same log, same rows. */
export function projectEvent(
  before: ConversationState | undefined,
  event: ConversationEvent,
): Projection {
  const { seq, at } = event;
  const state = { ...(before ?? { ...unnamed, createdAt: at, updatedAt: at }), seq };
  switch (event.type) {
    case 'conversation.created':
      return unspoken({
        ...state,
        title: event.title,
        agent: event.agent,
        model: event.model,
        isIncognito: event.isIncognito ?? false,
      });
    case 'conversation.renamed':
      return unspoken({ ...state, title: event.title });
    case 'conversation.agent-changed':
      return unspoken({ ...state, agent: event.agent });
    case 'conversation.model-pinned':
      return unspoken({ ...state, model: event.model });
    case 'conversation.arranged':
      return unspoken({ ...state, ...arrange(state, event) });
    case 'conversation.deleted':
      return unspoken({ ...state, ...unnamed, deletedAt: at });
    case 'message.added':
      return {
        state: spoken(state, at),
        message: {
          kind: 'add',
          id: event.messageId,
          role: 'user',
          text: event.text,
          speaker: event.speaker ?? null,
        },
      };
    case 'tool.called':
      return { state, message: answerText(event) };
    case 'turn.completed':
    case 'turn.failed':
    case 'turn.cancelled':
      return { state: spoken(state, at), message: answerText(event) };
    case 'turn.restarted':
      return { state, message: { kind: 'remove', id: event.previousRun } };
    case 'turn.steered':
      return { state, message: answerText(event) };
    case 'turn.routed':
    case 'tool.finished':
    case 'conversation.tuned':
    case 'context.summarized':
    case 'approval.asked':
    case 'approval.answered':
    case 'approval.expired':
      return unspoken(state);
    default:
      return event satisfies never;
  }
}

function unspoken(state: ConversationState): Projection {
  return { state, message: null };
}

function spoken(state: ConversationState, at: string): ConversationState {
  // The turns of a fork are older than the fork.
  const updatedAt = at > state.updatedAt ? at : state.updatedAt;
  return { ...state, messageCount: state.messageCount + 1, updatedAt };
}

function answerText(event: { readonly run: string; readonly text: string }): MessageChange | null {
  if (event.text === '') return null;
  return { kind: 'add', id: event.run, role: 'assistant', text: event.text, speaker: null };
}
