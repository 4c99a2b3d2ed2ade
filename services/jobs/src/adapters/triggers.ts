import { conversationLog } from '@mosaic/proto';
import type { Bus, Logger, Stoppable } from '@mosaic/service-kit';
import { titleConversation } from '../jobs/title-conversation.ts';
import type { Queues } from './queues.ts';

const retryMs = 2_000;

/** Turns what happens in conversations into jobs: the first answer asks for a title. */
export function startTriggers(bus: Bus, queues: Queues, log: Logger): Promise<Stoppable> {
  return bus.consume(
    conversationLog,
    async (delivery) => {
      if (delivery.fact.type !== 'turn.completed') return delivery.ack();
      const { conversationId } = delivery.fact;
      const { userId, role, via, token } = delivery.caller;
      const payload = { conversationId, caller: { userId, role, via, token } };
      try {
        // Ids of conversations are made by clients: two people may have chosen the same.
        const id = `title-${userId}-${conversationId}`;
        await queues.add(titleConversation, payload, id);
        delivery.ack();
      } catch (thrown) {
        log.warn({ err: thrown, conversationId }, 'queue away; the trigger waits');
        delivery.retryLater(retryMs);
      }
    },
    { durable: 'jobs', concurrency: 16, ackWaitMs: 30_000, from: 'start' },
  );
}
