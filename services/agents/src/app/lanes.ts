/** A place in the lane of one conversation. */
export interface Place {
  /** Resolves with true when it is this one's turn, with false when the lanes were closed before. */
  readonly isMine: Promise<boolean>;
  /** Lets the next one in; must be called once, whatever `isMine` said. */
  leave(): void;
}

export interface Lanes {
  /** Lines up behind the others of `key`, lowest `order` first; undefined when there is no room. */
  join(key: string, order: number): Place | undefined;
  /** Sends everybody who waits away; who is at work stays. */
  close(): void;
}

interface Waiter {
  readonly order: number;
  readonly decide: (isMine: boolean) => void;
}

/**
 * Lets one at a time work on a conversation within this process and wakes the next at once. Waiting
 * here costs a place among the deliveries of the process, so both the waiting of one lane and of all
 * lanes together are limited.
 */
export function openLanes(limits: { readonly perLane: number; readonly inAll: number }): Lanes {
  /** Who waits in each lane that somebody works in. */
  const lanes = new Map<string, Waiter[]>();
  let waitingInAll = 0;
  let isClosed = false;

  const leave = (key: string) => {
    const next = lanes.get(key)?.shift();
    if (next === undefined) {
      lanes.delete(key);
      return;
    }
    waitingInAll -= 1;
    next.decide(true);
  };

  const wait = (key: string, lane: Waiter[], order: number): Place => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    let isMine = false;
    const waiter = {
      order,
      decide: (decision: boolean) => {
        isMine = decision;
        resolve(decision);
      },
    };
    const behind = lane.findIndex((one) => one.order > order);
    lane.splice(behind === -1 ? lane.length : behind, 0, waiter);
    waitingInAll += 1;
    return { isMine: promise, leave: () => (isMine ? leave(key) : undefined) };
  };

  return {
    join(key, order) {
      if (isClosed) return undefined;
      const lane = lanes.get(key);
      if (lane === undefined) {
        lanes.set(key, []);
        return { isMine: Promise.resolve(true), leave: () => leave(key) };
      }
      if (lane.length >= limits.perLane || waitingInAll >= limits.inAll) return undefined;
      return wait(key, lane, order);
    },
    close() {
      isClosed = true;
      for (const lane of lanes.values()) {
        for (const waiter of lane.splice(0)) waiter.decide(false);
      }
      waitingInAll = 0;
    },
  };
}
