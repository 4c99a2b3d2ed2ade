import { conversationLog } from '@mosaic/proto';
import type { Bus, Logger, Stoppable } from '@mosaic/service-kit';
import { extractMemories } from '../jobs/extract-memories.ts';
import { titleConversation } from '../jobs/title-conversation.ts';
import type { Queues } from './queues.ts';

const retryMs = 2_000;

/** Answers that were given elsewhere, and long ago: what they cost was paid, and nobody waits for them. */
const importRule = 'import';

/**
 * Turns what happens in conversations into jobs: the first answer asks for a title, and each answer for
 * a look at what its question says of the person.
 */
export function startTriggers(bus: Bus, queues: Queues, log: Logger): Promise<Stoppable> {
  return bus.consume(
    conversationLog,
    async (delivery) => {
      const { fact } = delivery;
      if (fact.type !== 'turn.completed' || fact.rule === importRule) return delivery.ack();
      const { conversationId, messageId, run, seq } = fact;
      const { userId, role, via, token } = delivery.caller;
      const payload = { conversationId, caller: { userId, role, via, token } };
      try {
        // Ids of conversations are made by clients: two people may have chosen the same.
        const id = `title-${userId}-${conversationId}`;
        await queues.add(titleConversation, payload, id);
        const turn = { ...payload, messageId, run, seq };
        await queues.add(
          extractMemories,
          turn,
          `memories-${userId}-${conversationId}-${messageId}`,
        );
        delivery.ack();
      } catch (thrown) {
        log.warn({ err: thrown, conversationId }, 'queue away; the trigger waits');
        delivery.retryLater(retryMs);
      }
    },
    { durable: 'jobs', concurrency: 16, ackWaitMs: 30_000, from: 'start' },
  );
}
