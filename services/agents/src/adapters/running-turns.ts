import { cancelTurn, inbox } from '@mosaic/proto';
import type { Bus, Logger, Stoppable } from '@mosaic/service-kit';

/** Which message is answered by which run. */
export interface TurnPlace {
  readonly userId: string;
  readonly conversationId: string;
  readonly run: string;
  /** Of the message in the inbox. */
  readonly streamSeq: number;
}

/** The turns that this worker runs now, so that a person's wish to stop finds them. */
export interface RunningTurns {
  /** Registers a turn; its signal aborts, perhaps at once, when somebody cancelled it. */
  enter(place: TurnPlace): { readonly cancel: AbortSignal; leave(): void };
  /** Stops all turns of a person that run here. */
  cancelAllOf(userId: string): void;
}

interface Entry {
  readonly place: TurnPlace;
  readonly controller: AbortController;
}

/** Conversations whose last wish to stop is remembered. */
const maxRemembered = 1_000;

/**
 * Every worker hears every wish to cancel; the one that runs the turn acts on it. A wish that names no
 * run also stops the messages that wait: the last one in the inbox tells which, without any clock.
 */
export function watchCancels(bus: Bus, log: Logger): RunningTurns & Stoppable {
  const running = new Map<string, Entry>();
  const cancelledUpTo = new Map<string, number>();

  const cancelWaiting = async (
    key: string,
    tokens: Record<'userId' | 'conversationId', string>,
  ) => {
    const last = await bus.lastOf(inbox, tokens);
    if (last === undefined) return;
    cancelledUpTo.delete(key);
    cancelledUpTo.set(key, last.streamSeq);
    const oldest = cancelledUpTo.keys().next().value;
    if (cancelledUpTo.size > maxRemembered && oldest !== undefined) cancelledUpTo.delete(oldest);
    const entry = running.get(key);
    if (entry !== undefined && entry.place.streamSeq <= last.streamSeq) entry.controller.abort();
  };

  const subscription = bus.subscribe(cancelTurn, ({ conversationId, run }, { tokens }) => {
    const { userId = '' } = tokens;
    const key = `${userId}.${conversationId}`;
    const entry = running.get(key);
    if (run === undefined || entry?.place.run === run) entry?.controller.abort();
    if (run !== undefined) return;
    cancelWaiting(key, { userId, conversationId }).catch((thrown: unknown) =>
      log.warn({ err: thrown, conversationId }, 'waiting messages could not be cancelled'),
    );
  });

  return {
    enter(place) {
      const key = `${place.userId}.${place.conversationId}`;
      const entry = { place, controller: new AbortController() };
      running.set(key, entry);
      if (place.streamSeq <= (cancelledUpTo.get(key) ?? 0)) entry.controller.abort();
      return {
        cancel: entry.controller.signal,
        leave: () => {
          if (running.get(key) === entry) running.delete(key);
        },
      };
    },
    cancelAllOf(userId) {
      for (const { controller, place } of running.values()) {
        if (place.userId === userId) controller.abort();
      }
    },
    stop: () => subscription.stop(),
  };
}
