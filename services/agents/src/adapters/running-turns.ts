import { cancelTurn } from '@mosaic/proto';
import type { Bus, Stoppable } from '@mosaic/service-kit';

/** The turns that this worker runs now, so that a person's wish to stop finds them. */
export interface RunningTurns {
  /** Registers a turn; its signal aborts when somebody cancels the conversation's running turn. */
  enter(userId: string, conversationId: string): { readonly cancel: AbortSignal; leave(): void };
  readonly size: number;
}

/** Every worker hears every wish to cancel; the one that runs the turn acts on it. */
export function watchCancels(bus: Bus): RunningTurns & Stoppable {
  const running = new Map<string, AbortController>();
  const subscription = bus.subscribe(cancelTurn, (fact, { tokens }) => {
    running.get(`${tokens['userId']}.${fact.conversationId}`)?.abort();
  });
  return {
    enter(userId, conversationId) {
      const key = `${userId}.${conversationId}`;
      const controller = new AbortController();
      running.set(key, controller);
      return {
        cancel: controller.signal,
        leave: () => {
          if (running.get(key) === controller) running.delete(key);
        },
      };
    },
    get size() {
      return running.size;
    },
    stop: () => subscription.stop(),
  };
}
