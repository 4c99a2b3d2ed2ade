import { conversationLog, type FactOf } from '@mosaic/proto';
import type { Bus, Logger, Settleable, Stoppable } from '@mosaic/service-kit';
import { makeConversationQueue } from '../app/conversation-queue.ts';
import {
  type ConversationKey,
  type FollowPorts,
  followConversation,
  type LoggedEvent,
} from '../app/follow-conversation.ts';

const concurrency = 16;
const ackWaitMs = 60_000;
const firstRetryMs = 250;
const longestRetryMs = 30_000;

export interface LogFollower {
  readonly bus: Bus;
  readonly log: Logger;
  readonly apply: FollowPorts['apply'];
  /** Called after the rows of a conversation have changed. */
  readonly onApplied: (key: ConversationKey) => void;
}

/**
 * Works through the log of all conversations from its beginning. What can't be written now is
 * delivered again for as long as it takes: while PostgreSQL is down, the log keeps everything.
 */
export function followLog(follower: LogFollower): Promise<Stoppable> {
  const { bus, apply, onApplied } = follower;
  const queue = makeConversationQueue();
  const readLog = (key: ConversationKey, afterStreamSeq: number) =>
    readConversation(bus, key, afterStreamSeq);
  return bus.consume(
    conversationLog,
    async (delivery) => {
      const { fact: event, streamSeq, tokens } = delivery;
      // The subject says whose it is, and only `agents` may write to it.
      const key = {
        userId: tokens['userId'] ?? '',
        conversationId: tokens['conversationId'] ?? '',
      };
      await settle(delivery, follower, async () => {
        const work = () => followConversation({ apply, readLog }, key, { event, streamSeq });
        const isApplied = await queue.run(`${key.userId}.${key.conversationId}`, work);
        // Also when the event was known: the purge may be what the last attempt did not get to.
        if (isApplied && event.type === 'conversation.deleted') {
          await bus.purge(conversationLog, delivery.tokens, 1);
        }
        onApplied(key);
        return isApplied;
      });
    },
    { durable: 'memory', concurrency, ackWaitMs, from: 'start' },
  );
}

async function settle(
  delivery: Settleable<FactOf<typeof conversationLog>>,
  { log }: LogFollower,
  work: () => Promise<boolean>,
): Promise<void> {
  const { deliveryCount, fact } = delivery;
  const where = { conversationId: fact.conversationId, seq: fact.seq, deliveryCount };
  const retry = () =>
    delivery.retryLater(Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(10, deliveryCount)));
  try {
    if (await work()) return delivery.ack();
    log.error(where, 'the log has a gap before this event');
    retry();
  } catch (error) {
    log.warn({ ...where, err: error }, 'an event could not be applied; it comes again');
    retry();
  }
}

async function readConversation(
  bus: Bus,
  key: ConversationKey,
  afterStreamSeq: number,
): Promise<readonly LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  const tokens = { userId: key.userId, conversationId: key.conversationId };
  const deliveries = bus.read(conversationLog, { tokens, afterStreamSeq, untilCaughtUp: true });
  for await (const { fact, streamSeq } of deliveries) events.push({ event: fact, streamSeq });
  return events;
}
