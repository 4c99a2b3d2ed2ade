import { conversationLog, type FactOf } from '@mosaic/proto';
import type { Bus, Logger, Settleable, Stoppable } from '@mosaic/service-kit';
import { applyInPortions } from '../app/apply-in-portions.ts';
import type { AppliedWatch } from '../app/await-applied.ts';
import { makeConversationQueue } from '../app/conversation-queue.ts';
import type { ImpersonalQuestions } from '../app/extraction/impersonal-questions.ts';
import {
  type ConversationKey,
  type FollowPorts,
  followConversation,
  type LoggedEvent,
} from '../app/follow-conversation.ts';
import { gatherEvents } from '../app/gather-events.ts';
import { mayChangePassages } from '../app/project-event.ts';
import type { RunningRecall } from './recall/start-recall.ts';

/** Many more than are worked on at once: most of them wait for the end of their turn. */
const concurrency = 128;
const ackWaitMs = 60_000;
const firstRetryMs = 250;
const longestRetryMs = 30_000;

export interface FollowingLog {
  readonly bus: Bus;
  readonly log: Logger;
  readonly apply: FollowPorts['apply'];
  /** Who waits here for rows, and hears that they came. */
  readonly applied: Pick<AppliedWatch, 'isAwaited' | 'note'>;
  /** Hears every question before its rows are there. */
  readonly impersonal: Pick<ImpersonalQuestions, 'hear'>;
  /** Hears whose passages may have changed. */
  readonly recalling: Pick<RunningRecall, 'note'>;
}

export interface LogFollower {
  /** Begins to work through the log; replicas with the same name share the work. */
  start(durable: string): Promise<Stoppable>;
  /** Applies what the log of one conversation has beyond its rows, now. */
  catchUp(key: ConversationKey): Promise<void>;
  /** Applies what has been delivered of a conversation up to `seq`; false when that is nothing. */
  hurry(key: ConversationKey, seq: number): Promise<boolean>;
}

/**
 * Makes the rows of all conversations from their log. What can't be written now is delivered again
 * for as long as it takes: while PostgreSQL is down, the log keeps everything.
 */
export function followLog(following: FollowingLog): LogFollower {
  const { applied, bus, impersonal, recalling } = following;
  const apply: FollowPorts['apply'] = (key, events) =>
    applyInPortions(following.apply, key, events);
  const queue = makeConversationQueue();
  const inOrder = <Result>(key: ConversationKey, work: () => Promise<Result>) =>
    queue.run(`${key.userId}.${key.conversationId}`, work);
  const readLog = (key: ConversationKey, afterStreamSeq: number) =>
    readConversation(bus, key, afterStreamSeq);

  const applyAll = async (key: ConversationKey, events: readonly LoggedEvent[]) => {
    try {
      return await followConversation({ apply, readLog }, key, events);
    } catch (thrown) {
      if (events.length === 1) throw thrown;
      // One that can't be applied must not hold back those before it.
      let reached = 0;
      for (const event of events) {
        reached = await followConversation({ apply, readLog }, key, [event]);
      }
      return reached;
    }
  };
  const gathered = gatherEvents((key, events) => inOrder(key, () => applyAll(key, events)));

  const follow = async (delivery: LogDelivery): Promise<boolean> => {
    const { fact: event, streamSeq, tokens } = delivery;
    // The subject says whose it is, and only `agents` may write to it.
    const key = { userId: tokens['userId'] ?? '', conversationId: tokens['conversationId'] ?? '' };
    impersonal.hear(key, event);
    const applying = gathered.add(key, { event, streamSeq });
    if (applied.isAwaited(key)) void gathered.hurry(key, event.seq);
    const isApplied = (await applying) >= event.seq;
    // Also when the event was known: the purge may be what the last attempt did not get to.
    if (isApplied && event.type === 'conversation.deleted') {
      await bus.purge(conversationLog, tokens, 1);
    }
    applied.note(key);
    if (mayChangePassages(event)) recalling.note(key.userId);
    return isApplied;
  };

  return {
    start: (durable) =>
      bus.consume(
        conversationLog,
        (delivery) => settle(delivery, following.log, () => follow(delivery)),
        { durable, concurrency, ackWaitMs, from: 'start' },
      ),
    hurry: gathered.hurry,
    catchUp: (key) =>
      inOrder(key, async () => {
        const { streamSeq } = await apply(key, []);
        await apply(key, await readLog(key, streamSeq));
      }),
  };
}

type LogDelivery = Settleable<FactOf<typeof conversationLog>>;

async function settle(
  delivery: LogDelivery,
  log: Logger,
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
