import {
  type ConversationEvent,
  conversationEventSchema,
  type EventOfType,
  type ModelRef,
  type TaskProfile,
} from '@mosaic/proto';
import type { z } from 'zod';
import { type Approvals, foldApproval, noApprovals } from './policy/approvals.ts';

/** How far the answer to one message has come. */
export interface TurnState {
  readonly run: string | null;
  readonly status: 'waiting' | 'running' | 'ended';
  /** How often a worker had to begin again. */
  readonly restarts: number;
}

/**
 * What the writer of a conversation's log must know; folded from the log and nothing else. It holds
 * no texts: hundreds of conversations are kept, and one text may have a megabyte.
 */
export interface ConversationState {
  readonly seq: number;
  readonly created: EventOfType<'conversation.created'> | undefined;
  readonly isDeleted: boolean;
  readonly agent: string;
  readonly pinnedModel: string | null;
  /** Nothing of the person may come into it from elsewhere. */
  readonly isIncognito: boolean;
  /** How models are asked in this conversation; null leaves it to those below. */
  readonly tuned: Pick<EventOfType<'conversation.tuned'>, 'temperature' | 'effort'>;
  readonly titledBy: 'user' | 'job' | null;
  readonly turns: ReadonlyMap<string, TurnState>;
  /** Messages that joined the run that is running now. */
  readonly joined: readonly { readonly run: string; readonly messageId: string }[];
  /** Where the newest summary stands: it is read from the log when it is needed. */
  readonly summary: Pick<EventOfType<'context.summarized'>, 'seq' | 'throughSeq'> | undefined;
  /** Who answered last: the model that a follow-up stays with. */
  readonly lastRoute: ModelRef | undefined;
  readonly approvals: Approvals;
  /** What the last turn was taken for, and how large its prompt was. */
  readonly lastProfile: LastProfile | undefined;
}

export type LastProfile = Pick<TaskProfile, 'task' | 'complexity' | 'promptTokens'> & {
  readonly at: string;
};

/** An event without the numbers that only the append can know. */
export type EventDraft = ConversationEvent extends infer Event
  ? Event extends ConversationEvent
    ? Omit<Event, 'seq' | 'at' | 'conversationId'>
    : never
  : never;

export const unopened: ConversationState = {
  seq: 0,
  created: undefined,
  isDeleted: false,
  agent: 'assistant',
  pinnedModel: null,
  isIncognito: false,
  tuned: { temperature: null, effort: null },
  titledBy: null,
  turns: new Map(),
  joined: [],
  summary: undefined,
  lastRoute: undefined,
  approvals: noApprovals,
  lastProfile: undefined,
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

/**
 * Applies events in order; one that is not behind the state is left out. A gap (an event that could
 * not be read, or a purged beginning) is passed over, so that numbering goes on behind it. Takes many
 * at once because copying what is known for each of thousands of events is quadratic.
 */
export function applyEvents(
  state: ConversationState,
  events: readonly ConversationEvent[],
): ConversationState {
  const turns = new Map(state.turns);
  let next: ConversationState = { ...state, turns };
  for (const event of events) {
    if (event.seq <= next.seq) continue;
    noteTurn(turns, event);
    const approvals = foldApproval(next.approvals, event, turns);
    const joined = joinedAfter(next, event);
    next = { ...next, approvals, ...changesBy(event), ...joined, seq: event.seq };
  }
  return next;
}

function changesBy(event: ConversationEvent): Partial<ConversationState> {
  switch (event.type) {
    case 'conversation.created': {
      const { agent, model, title } = event;
      const titledBy = title === null ? null : 'user';
      const isIncognito = event.isIncognito === true;
      return { created: event, agent, pinnedModel: model, titledBy, isIncognito };
    }
    case 'conversation.arranged':
      return event.isIncognito === undefined ? {} : { isIncognito: event.isIncognito };
    case 'conversation.renamed':
      return { titledBy: event.by };
    case 'conversation.agent-changed':
      return { agent: event.agent };
    case 'conversation.model-pinned':
      return { pinnedModel: event.model };
    case 'conversation.tuned': {
      const { effort, temperature } = event;
      return { tuned: { effort, temperature } };
    }
    case 'conversation.deleted':
      return { isDeleted: true };
    case 'turn.routed': {
      const { model, profile, provider } = event.decision;
      const { complexity, promptTokens, task } = profile;
      return {
        lastRoute: { provider, model },
        lastProfile: { task, complexity, promptTokens, at: event.at },
      };
    }
    case 'context.summarized':
      return { summary: { seq: event.seq, throughSeq: event.throughSeq } };
    case 'turn.completed':
      return { lastRoute: { provider: event.provider, model: event.model } };
    default:
      return {};
  }
}

function joinedAfter(
  { joined }: ConversationState,
  event: ConversationEvent,
): Partial<ConversationState> {
  switch (event.type) {
    case 'message.added':
      if (event.joins === undefined) return {};
      return { joined: [...joined, { run: event.joins, messageId: event.messageId }] };
    case 'turn.restarted':
    case 'turn.completed':
    case 'turn.failed':
    case 'turn.cancelled':
      return joined.length === 0 ? {} : { joined: [] };
    default:
      return {};
  }
}

function noteTurn(turns: Map<string, TurnState>, event: ConversationEvent): void {
  switch (event.type) {
    case 'message.added':
      turns.set(event.messageId, {
        run: event.joins ?? null,
        // One that joined a run has no turn of its own: it is answered with that run.
        status: event.joins === undefined ? 'waiting' : 'ended',
        restarts: 0,
      });
      return;
    case 'turn.routed':
      turns.set(event.messageId, turnAt(turns, event, 'running'));
      return;
    case 'turn.restarted': {
      const running = turnAt(turns, event, 'running');
      turns.set(event.messageId, { ...running, restarts: running.restarts + 1 });
      return;
    }
    case 'turn.completed':
    case 'turn.failed':
    case 'turn.cancelled':
      turns.set(event.messageId, turnAt(turns, event, 'ended'));
      return;
    default:
  }
}

function turnAt(
  turns: ReadonlyMap<string, TurnState>,
  event: { readonly messageId: string; readonly run: string },
  status: TurnState['status'],
): TurnState {
  return { run: event.run, status, restarts: turns.get(event.messageId)?.restarts ?? 0 };
}
