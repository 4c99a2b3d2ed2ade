import { type ConversationEvent, conversationLog, MosaicError, makeId } from '@mosaic/proto';
import type { Bus, Clock, SignedCaller } from '@mosaic/service-kit';
import {
  applyEvents,
  type ConversationState,
  type EventDraft,
  numberEvent,
  unopened,
} from '../app/conversation-state.ts';
import type { TurnLog } from '../app/ports.ts';

/** Where a conversation's log stands: what was folded, and the stream sequence of its last event. */
interface Position {
  readonly state: ConversationState;
  readonly streamSeq: number;
}

const unread: Position = { state: unopened, streamSeq: 0 };

type Tokens = Readonly<Record<'userId' | 'conversationId', string>>;

/** Folded conversations kept in memory; an append that meets a newer log reads on from here. */
const maxKept = 500;
const maxConflicts = 20;

/** Opens logs of conversations for reading and fenced appending. */
export interface ConversationLogs {
  open(caller: SignedCaller, conversationId: string): Promise<TurnLog>;
  /** Drops what is kept of a person's conversations. */
  forget(userId: string): void;
  /** All events, read anew. */
  read(caller: SignedCaller, conversationId: string): Promise<ConversationEvent[]>;
}

export function openConversationLogs(bus: Bus, clock: Clock): ConversationLogs {
  const kept = new Map<string, Position>();

  const keep = (key: string, position: Position): Position => {
    kept.delete(key);
    kept.set(key, position);
    const oldest = kept.keys().next().value;
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
    return position;
  };

  return {
    forget(userId) {
      for (const key of kept.keys()) if (key.startsWith(`${userId}.`)) kept.delete(key);
    },
    async read({ userId }, conversationId) {
      return (await readFrom(bus, { userId, conversationId }, 0)).events;
    },
    async open(caller, conversationId) {
      const tokens = { userId: caller.userId, conversationId };
      const key = `${caller.userId}.${conversationId}`;
      let position = keep(key, await readOn(bus, tokens, kept.get(key) ?? unread));
      /** An append and `until` may read the same event: what was read further on stays. */
      const advance = (next: Position): void => {
        const isNews = next === unread || next.streamSeq > position.streamSeq;
        if (isNews) position = keep(key, next);
      };

      const tryAppend = async (draft: EventDraft, atMs: number): Promise<ConversationEvent> => {
        const { state, streamSeq } = position;
        const place = { conversationId, seq: state.seq + 1, atMs };
        const event = numberEvent(draft, place);
        const stored = await bus.publish(conversationLog, event, {
          tokens,
          caller,
          // A name per attempt: a retry of this append is stored once, another writer's never matches.
          messageId: `${conversationId}.${event.seq}.${makeId()}`,
          expectedLastSeq: streamSeq,
        });
        advance({ state: applyEvents(state, [event]), streamSeq: stored.streamSeq });
        return event;
      };

      return {
        get state() {
          return position.state;
        },
        async append(draft, stillMine, atMs) {
          for (let attempt = 1; ; attempt += 1) {
            stillMine?.(position.state);
            try {
              return await tryAppend(draft, atMs ?? clock.now());
            } catch (thrown) {
              const isConflict = thrown instanceof MosaicError && thrown.code === 'conflict';
              if (!isConflict || attempt === maxConflicts) throw thrown;
              advance(await readOn(bus, tokens, position));
            }
          }
        },
        async until(isReached, signal) {
          if (isReached(position.state)) return;
          const from = { tokens, afterStreamSeq: position.streamSeq, untilCaughtUp: false, signal };
          for await (const { fact, streamSeq } of bus.read(conversationLog, from)) {
            advance({ state: applyEvents(position.state, [fact]), streamSeq });
            if (isReached(position.state)) return;
          }
          signal.throwIfAborted();
          throw new MosaicError('service_lost');
        },
      };
    },
  };
}

/** Folds what the log holds beyond `from`; one question when that is nothing. */
async function readOn(bus: Bus, tokens: Tokens, from: Position): Promise<Position> {
  const last = await bus.lastOf(conversationLog, tokens);
  if (last === undefined) return unread;
  if (last.streamSeq === from.streamSeq) return from;
  const { events, streamSeq } = await readFrom(bus, tokens, from.streamSeq);
  return { state: applyEvents(from.state, events), streamSeq };
}

async function readFrom(bus: Bus, tokens: Tokens, afterStreamSeq: number) {
  const events: ConversationEvent[] = [];
  let streamSeq = afterStreamSeq;
  const deliveries = bus.read(conversationLog, { tokens, afterStreamSeq, untilCaughtUp: true });
  for await (const delivery of deliveries) {
    events.push(delivery.fact);
    streamSeq = delivery.streamSeq;
  }
  return { events, streamSeq };
}
