import type { ConversationEvent } from '@mosaic/proto';
import type { ConversationKey, LoggedEvent } from './follow-conversation.ts';

/** Puts events of one conversation that come soon after each other into one piece of work. */
export interface EventGatherer {
  /** Resolves with the number up to which the rows have come. */
  add(key: ConversationKey, logged: LoggedEvent): Promise<number>;
  /**
   * Somebody waits for the rows of this conversation up to `seq`: if an event up to there was gathered,
   * it is worked on now. Resolves when that is done, whatever came of it; at once, and with false, when
   * there is none.
   */
  hurry(key: ConversationKey, seq: number): Promise<boolean>;
}

/** How long an event waits for others of its conversation, in milliseconds. */
export interface GatheringTimes {
  /** One that more will follow: a turn has begun and not ended. */
  readonly turnMs: number;
  readonly otherMs: number;
  /** Events that wait at once, of all conversations; beyond it the longest gathered are worked on. */
  readonly mostWaiting: number;
}

const usualTimes: GatheringTimes = { turnMs: 1_000, otherMs: 40, mostWaiting: 96 };

/** Together in one transaction, which holds everybody up on the embedded database. */
const mostEvents = 16;
const mostChars = 64_000;

/** Some of these follow each other in a turn, and its end follows them all. */
const withinTurn: ReadonlySet<ConversationEvent['type']> = new Set([
  'message.added',
  'turn.routed',
  'turn.restarted',
  'turn.steered',
  'tool.called',
  'tool.finished',
  'context.summarized',
] satisfies ConversationEvent['type'][]);

interface Batch {
  readonly events: LoggedEvent[];
  readonly done: Promise<number>;
  begin(): void;
  /** Begins after so long at the latest. */
  beginWithin(ms: number): void;
}

/**
 * A turn writes three or four events. Each in a transaction of its own was most of what a turn cost the
 * database, and two of them stood in the way of its own questions before its first word: so the rows
 * are written when the turn has ended, or after a second of one that takes longer.
 */
export function gatherEvents(
  work: (key: ConversationKey, events: readonly LoggedEvent[]) => Promise<number>,
  times: GatheringTimes = usualTimes,
): EventGatherer {
  // The longest gathered is first.
  const open = new Map<string, Batch>();
  const nameOf = ({ userId, conversationId }: ConversationKey) => `${userId}.${conversationId}`;
  let waiting = 0;

  const openBatch = (key: ConversationKey): Batch => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const events: LoggedEvent[] = [];
    const timer = startDeadline(begin);
    const done = begun.then(() => {
      timer.clear();
      open.delete(nameOf(key));
      waiting -= events.length;
      return work(
        key,
        events.toSorted((one, other) => one.event.seq - other.event.seq),
      );
    });
    const batch = { events, done, begin, beginWithin: timer.within };
    open.set(nameOf(key), batch);
    return batch;
  };

  return {
    add(key, logged) {
      const batch = open.get(nameOf(key)) ?? openBatch(key);
      batch.events.push(logged);
      batch.beginWithin(withinTurn.has(logged.event.type) ? times.turnMs : times.otherMs);
      waiting += 1;
      if (isPortionFull(batch.events)) batch.begin();
      // Each holds a place among the deliveries of the process.
      if (waiting > times.mostWaiting) open.values().next().value?.begin();
      return batch.done;
    },
    async hurry(key, seq) {
      const batch = open.get(nameOf(key));
      if (batch?.events.some(({ event }) => event.seq <= seq) !== true) return false;
      batch.begin();
      // Who added the events hears why they could not be written.
      await batch.done.catch(() => undefined);
      return true;
    },
  };
}

/** Whether no more events are to be applied in the transaction of these. */
export function isPortionFull(events: readonly LoggedEvent[]): boolean {
  const chars = events.reduce((sum, { event }) => sum + charsOf(event), 0);
  return events.length >= mostEvents || chars >= mostChars;
}

function charsOf(event: ConversationEvent): number {
  return 'text' in event ? event.text.length : 0;
}

/** Calls `end` at the earliest of the times named. */
function startDeadline(end: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let dueMs = Number.POSITIVE_INFINITY;
  return {
    within(ms: number): void {
      const wantedMs = performance.now() + ms;
      if (wantedMs >= dueMs) return;
      dueMs = wantedMs;
      clearTimeout(timer);
      timer = setTimeout(end, ms);
    },
    clear: () => clearTimeout(timer),
  };
}
