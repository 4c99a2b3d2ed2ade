import { setTimeout as delay } from 'node:timers/promises';
import { type ConversationEvent, conversationLog, type LiveDelta, live } from '@mosaic/proto';
import type { Bus, Logger, SignedCaller } from '@mosaic/service-kit';
import { ConversationFeed, type FeedStep } from '../../app/conversation/conversation-feed.ts';
import { readHead, tokensOf } from './conversation-log.ts';

/** What somebody who follows a conversation is shown. */
export type Shown =
  | { readonly type: 'event'; readonly event: ConversationEvent }
  | { readonly type: 'delta'; readonly delta: LiveDelta }
  | { readonly type: 'live'; readonly head: number };

export interface Following {
  readonly caller: SignedCaller;
  readonly conversationId: string;
  /** The last event that is known already; 0 for none. */
  readonly after: number;
  readonly show: (shown: Shown) => void;
  /** Ends it; nothing of it stays on the bus. */
  readonly signal: AbortSignal;
}

/** Shows a conversation from `after` on until the signal aborts. Throws not_found before that. */
export type Follow = (following: Following) => Promise<void>;

const retryMs = 500;

export function makeFollow(bus: Bus, log: Logger): Follow {
  return async (following) => {
    const { caller, conversationId, signal } = following;
    const tokens = tokensOf(caller, conversationId);
    const head = await readHead(bus, caller, conversationId);
    if (signal.aborted) return;
    const feed = new ConversationFeed({ after: following.after, head: head.seq });
    const take = (steps: readonly FeedStep[]) => {
      for (const step of steps) {
        if (signal.aborted) return;
        if (step.type === 'catch-up') void catchUp();
        else following.show(step);
      }
    };
    const catchUp = async () => {
      try {
        const stored = bus.read(live, { tokens, untilCaughtUp: true, signal });
        for await (const { fact } of stored) take(feed.replayed(fact));
      } catch (thrown) {
        log.warn({ err: thrown, conversationId }, 'deltas could not be read again');
      }
      take(feed.caughtUp());
    };
    // Heard before anything is read, so that nothing is said in between.
    const hearing = bus.subscribe(live, (delta) => take(feed.delta(delta)), { tokens });
    try {
      await readOn({ bus, log, following, take: (event) => take(feed.event(event)) });
    } finally {
      await hearing.stop();
    }
  };
}

/** Reads the log and goes on with its news; begins again behind the last event when the bus was away. */
async function readOn(parts: {
  readonly bus: Bus;
  readonly log: Logger;
  readonly following: Following;
  readonly take: (event: ConversationEvent) => void;
}): Promise<void> {
  const { bus, following, log, take } = parts;
  const { caller, conversationId, signal } = following;
  const tokens = tokensOf(caller, conversationId);
  let afterStreamSeq = 0;
  while (!signal.aborted) {
    try {
      const news = bus.read(conversationLog, {
        tokens,
        afterStreamSeq,
        untilCaughtUp: false,
        signal,
      });
      for await (const delivery of news) {
        afterStreamSeq = delivery.streamSeq;
        take(delivery.fact);
      }
    } catch (thrown) {
      log.warn({ err: thrown, conversationId }, 'the log could not be read; trying again');
    }
    if (!signal.aborted) await delay(retryMs, undefined, { signal }).catch(() => undefined);
  }
}
