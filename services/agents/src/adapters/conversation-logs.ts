import { type ConversationEvent, conversationLog, MosaicError, makeId } from '@mosaic/proto';
import type { Bus, Clock, SignedCaller } from '@mosaic/service-kit';
import {
  applyEvent,
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

/** Folded conversations kept in memory; an append that meets a newer log reads on from here. */
const maxKept = 100;
const maxConflicts = 20;

/** Opens logs of conversations for reading and fenced appending. */
export interface ConversationLogs {
  open(caller: SignedCaller, conversationId: string): Promise<TurnLog>;
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
    async open(caller, conversationId) {
      const tokens = { userId: caller.userId, conversationId };
      const key = `${caller.userId}.${conversationId}`;
      let position = await readOn(bus, tokens, kept.get(key) ?? { state: unopened, streamSeq: 0 });
      keep(key, position);

      const tryAppend = async (draft: EventDraft): Promise<ConversationEvent> => {
        const { state, streamSeq } = position;
        const place = { conversationId, seq: state.seq + 1, atMs: clock.now() };
        const event = numberEvent(draft, place);
        const stored = await bus.publish(conversationLog, event, {
          tokens,
          caller,
          // A name per attempt: a retry of this append is stored once, another writer's never matches.
          messageId: `${conversationId}.${event.seq}.${makeId()}`,
          expectedLastSeq: streamSeq,
        });
        position = { state: applyEvent(state, event), streamSeq: stored.streamSeq };
        keep(key, position);
        return event;
      };

      return {
        get state() {
          return position.state;
        },
        async append(draft, stillMine) {
          for (let attempt = 1; ; attempt += 1) {
            stillMine?.(position.state);
            try {
              return await tryAppend(draft);
            } catch (thrown) {
              const isConflict = thrown instanceof MosaicError && thrown.code === 'conflict';
              if (!isConflict || attempt === maxConflicts) throw thrown;
              position = keep(key, await readOn(bus, tokens, position));
            }
          }
        },
      };
    },
  };
}

/** Folds what the log holds beyond `from`. */
async function readOn(
  bus: Bus,
  tokens: { readonly userId: string; readonly conversationId: string },
  from: Position,
): Promise<Position> {
  let { state, streamSeq } = from;
  const deliveries = bus.read(conversationLog, {
    tokens,
    afterStreamSeq: streamSeq,
    untilCaughtUp: true,
  });
  for await (const delivery of deliveries) {
    if (delivery.fact.seq === state.seq + 1) state = applyEvent(state, delivery.fact);
    streamSeq = delivery.streamSeq;
  }
  return { state, streamSeq };
}
