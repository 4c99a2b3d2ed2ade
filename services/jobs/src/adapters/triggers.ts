import { type ConversationEvent, conversationLog, type EventOfType } from '@mosaic/proto';
import type { Bus, Logger, Settleable, Stoppable } from '@mosaic/service-kit';
import type { JobPorts } from '../app/job-definition.ts';
import { rememberTitled, type TitledConversations } from '../app/titled-conversations.ts';
import { extractMemories } from '../jobs/extract-memories.ts';
import { titleConversation } from '../jobs/title-conversation.ts';
import type { Queues } from './queues.ts';

const retryMs = 2_000;

/** Answers that were given elsewhere, and long ago: what they cost was paid, and nobody waits for them. */
const importRule = 'import';

export interface TriggerParts {
  readonly bus: Bus;
  readonly queues: Pick<Queues, 'add'>;
  readonly ports: Pick<JobPorts, 'isWorthReading'>;
  readonly log: Logger;
}

interface Triggering extends TriggerParts {
  readonly titled: TitledConversations;
}

/**
 * Turns what happens in conversations into jobs: the first answer asks for a title, and each answer
 * whose question says something of the person for a look at what that is.
 */
export function startTriggers(parts: TriggerParts): Promise<Stoppable> {
  const triggering = { ...parts, titled: rememberTitled() };
  return parts.bus.consume(conversationLog, (delivery) => hear(triggering, delivery), {
    durable: 'jobs',
    concurrency: 16,
    ackWaitMs: 30_000,
    from: 'start',
  });
}

async function hear(
  triggering: Triggering,
  delivery: Settleable<ConversationEvent>,
): Promise<void> {
  const { caller, fact, tokens } = delivery;
  const { conversationId } = fact;
  triggering.titled.hear({ userId: tokens['userId'] ?? '', conversationId }, fact);
  if (fact.type !== 'turn.completed' || fact.rule === importRule) return delivery.ack();
  try {
    await addJobs(triggering, fact, caller);
    delivery.ack();
  } catch (thrown) {
    triggering.log.warn({ err: thrown, conversationId }, 'queue away; the trigger waits');
    delivery.retryLater(retryMs);
  }
}

async function addJobs(
  { ports, queues, titled }: Triggering,
  { conversationId, messageId, run, seq }: EventOfType<'turn.completed'>,
  { userId, role, via, token }: Settleable<ConversationEvent>['caller'],
): Promise<void> {
  const payload = { conversationId, caller: { userId, role, via, token } };
  // Ids of conversations are made by clients: two people may have chosen the same.
  const owned = { userId, conversationId };
  if (!titled.has(owned)) {
    await queues.add(titleConversation, payload, `title-${userId}-${conversationId}`);
    titled.add(owned);
  }
  const turn = { conversationId, messageId, run, seq };
  // A job costs more than the question whether there is anything to do, which is no as a rule.
  if (!(await ports.isWorthReading(payload.caller, turn))) return;
  const id = `memories-${userId}-${conversationId}-${messageId}`;
  await queues.add(extractMemories, { ...payload, ...turn }, id);
}
