import { type ConversationEvent, conversationLog, MosaicError, makeId } from '@mosaic/proto';
import type { Bus, Clock, SignedCaller } from '@mosaic/service-kit';
import {
  applyEvents,
  type ConversationState,
  type EventDraft,
  numberEvent,
  unopened,
} from '../../app/conversation-state.ts';
import type { TurnLog } from '../../app/ports.ts';
import { keepEvents } from './kept-events.ts';

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
  read(caller: SignedCaller, conversationId: string): Promise<readonly ConversationEvent[]>;
}

/** What was folded of the conversations that were used last, and their events. */
function keepPositions() {
  const positions = new Map<string, Position>();
  const events = keepEvents();
  return {
    events,
    of: (key: string) => positions.get(key) ?? unread,
    put(key: string, position: Position): void {
      positions.delete(key);
      positions.set(key, position);
      const oldest = positions.keys().next().value;
      if (positions.size > maxKept && oldest !== undefined) positions.delete(oldest);
    },
    forget(userId: string): void {
      for (const key of positions.keys()) if (key.startsWith(`${userId}.`)) positions.delete(key);
      events.forget(userId);
    },
  };
}

type Kept = ReturnType<typeof keepPositions>;

export function openConversationLogs(bus: Bus, clock: Clock): ConversationLogs {
  const kept = keepPositions();
  return {
    forget: kept.forget,
    async read({ userId }, conversationId) {
      return (await readFrom(bus, { userId, conversationId }, 0)).events;
    },
    async open(caller, conversationId) {
      const cursor = openCursor(bus, kept, { userId: caller.userId, conversationId });
      await cursor.readOn();
      return makeTurnLog({ bus, clock, cursor, caller, conversationId });
    },
  };
}

/** Where one reader of one log stands. */
function openCursor(bus: Bus, kept: Kept, tokens: Tokens) {
  const key = `${tokens.userId}.${tokens.conversationId}`;
  let position = kept.of(key);
  const moveTo = (next: Position) => {
    position = next;
    kept.put(key, next);
  };
  /** An append and `until` may read the same event: what was read further on stays. */
  const advance = ({ events, streamSeq }: NewEvents): void => {
    if (streamSeq <= position.streamSeq) return;
    kept.events.add(key, { after: position.streamSeq, events, streamSeq });
    moveTo({ state: applyEvents(position.state, events), streamSeq });
  };
  return {
    tokens,
    advance,
    get position() {
      return position;
    },
    async readOn(): Promise<void> {
      const news = await readNews(bus, tokens, position.streamSeq);
      if (news !== 'nothing-there') return advance(news);
      kept.events.drop(key);
      moveTo(unread);
    },
    async events(): Promise<readonly ConversationEvent[]> {
      const { state, streamSeq } = position;
      const known = kept.events.upTo(key, streamSeq);
      if (known !== undefined) return known;
      const { events } = await readFrom(bus, tokens, 0);
      // Somebody may have written meanwhile.
      const asFolded = events.filter(({ seq }) => seq <= state.seq);
      kept.events.drop(key);
      kept.events.add(key, { after: 0, events: asFolded, streamSeq });
      return asFolded;
    },
  };
}

interface TurnLogParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly cursor: ReturnType<typeof openCursor>;
  readonly caller: SignedCaller;
  readonly conversationId: string;
}

function makeTurnLog(parts: TurnLogParts): TurnLog {
  const { bus, clock, cursor } = parts;
  return {
    get state() {
      return cursor.position.state;
    },
    refresh: cursor.readOn,
    events: cursor.events,
    async append(draft, stillMine, atMs) {
      for (let attempt = 1; ; attempt += 1) {
        stillMine?.(cursor.position.state);
        try {
          return await tryAppend(parts, draft, atMs ?? clock.now());
        } catch (thrown) {
          const isConflict = thrown instanceof MosaicError && thrown.code === 'conflict';
          if (!isConflict || attempt === maxConflicts) throw thrown;
          await cursor.readOn();
        }
      }
    },
    async until(isReached, signal) {
      const { state, streamSeq: afterStreamSeq } = cursor.position;
      if (isReached(state)) return;
      const from = { tokens: cursor.tokens, afterStreamSeq, untilCaughtUp: false, signal };
      for await (const { fact, streamSeq } of bus.read(conversationLog, from)) {
        cursor.advance({ events: [fact], streamSeq });
        if (isReached(cursor.position.state)) return;
      }
      signal.throwIfAborted();
      throw new MosaicError('service_lost');
    },
  };
}

async function tryAppend(
  { bus, caller, conversationId, cursor }: TurnLogParts,
  draft: EventDraft,
  atMs: number,
): Promise<ConversationEvent> {
  const { state, streamSeq } = cursor.position;
  const event = numberEvent(draft, { conversationId, seq: state.seq + 1, atMs });
  const stored = await bus.publish(conversationLog, event, {
    tokens: cursor.tokens,
    caller,
    // A name per attempt: a retry of this append is stored once, another writer's never matches.
    messageId: `${conversationId}.${event.seq}.${makeId()}`,
    expectedLastSeq: streamSeq,
  });
  cursor.advance({ events: [event], streamSeq: stored.streamSeq });
  return event;
}

interface NewEvents {
  readonly events: readonly ConversationEvent[];
  /** Of the last of them. */
  readonly streamSeq: number;
}

/** What the log holds behind a stream sequence; one question when that is nothing. */
async function readNews(
  bus: Bus,
  tokens: Tokens,
  afterStreamSeq: number,
): Promise<NewEvents | 'nothing-there'> {
  const last = await bus.lastOf(conversationLog, tokens);
  if (last === undefined) return 'nothing-there';
  if (last.streamSeq === afterStreamSeq) return { events: [], streamSeq: afterStreamSeq };
  return await readFrom(bus, tokens, afterStreamSeq);
}

async function readFrom(bus: Bus, tokens: Tokens, afterStreamSeq: number): Promise<NewEvents> {
  const events: ConversationEvent[] = [];
  let streamSeq = afterStreamSeq;
  const deliveries = bus.read(conversationLog, { tokens, afterStreamSeq, untilCaughtUp: true });
  for await (const delivery of deliveries) {
    events.push(delivery.fact);
    streamSeq = delivery.streamSeq;
  }
  return { events, streamSeq };
}
