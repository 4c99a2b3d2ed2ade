import { type RemovedCounts, serviceNames, userDeleted, userPurged } from '@mosaic/proto';
import { z } from 'zod';
import type { Bus, Stoppable } from '../bus/port.ts';
import type { Logger } from '../runtime/create-logger.ts';

/** A turn or a call that was under way at the deletion is over by then, and leaves its traces. */
const secondLookMs = 60_000;
const firstRetryMs = 500;
const longestRetryMs = 60_000;

export interface Obeying {
  readonly bus: Bus;
  readonly log: Logger;
  /** Name of the consumer: one for each place that keeps things, so that each hears of every deletion. */
  readonly durable: string;
  /** Removes what is kept of a user; again and again it does no harm. */
  readonly purge: (userId: string) => Promise<RemovedCounts>;
  /** Drops what this process remembers of a user; every replica hears it. */
  readonly forget?: (userId: string) => void;
}

const serviceSchema = z.enum(serviceNames);

/**
 * Removes what a service keeps of people whose accounts are removed, for as long as it takes, and says
 * what it was. A minute later it looks again: what was under way then has ended.
 */
export async function obeyDeletions(obeying: Obeying): Promise<Stoppable> {
  const { bus, durable, forget, log, purge } = obeying;
  const service = serviceSchema.parse(bus.principal);
  const hearing =
    forget === undefined
      ? undefined
      : bus.subscribe(userDeleted, (_, { tokens }) => forget(tokens['userId'] ?? ''));
  const consuming = await bus.consume(
    userDeleted,
    async (delivery) => {
      const { deliveryCount, tokens } = delivery;
      const { userId = '' } = tokens;
      try {
        forget?.(userId);
        const counts = await purge(userId);
        await bus.publish(userPurged, { service, counts }, { tokens: { userId } });
        log.info({ userId, counts, deliveryCount }, 'everything of a removed person is removed');
        if (deliveryCount > 1) delivery.ack();
        else delivery.retryLater(secondLookMs);
      } catch (err) {
        log.warn({ err, userId, deliveryCount }, 'a removed person is not gone yet; trying again');
        delivery.retryLater(
          Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(10, deliveryCount)),
        );
      }
    },
    { durable, concurrency: 4, ackWaitMs: 120_000, from: 'start' },
  );
  return {
    async stop() {
      await Promise.all([hearing?.stop(), consuming.stop()]);
    },
  };
}
