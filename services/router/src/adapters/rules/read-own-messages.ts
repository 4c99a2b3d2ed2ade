import { type ConversationEvent, listConversations, listEvents } from '@mosaic/proto';
import type { Bus, Received } from '@mosaic/service-kit';
import type { AgentPreference } from '../../app/choice/expand-name.ts';
import { type PastMessage, pastMessages } from '../../app/replay/past-messages.ts';

const pageOfConversations = 50;
const pageOfEvents = 1_000;
/** Longer conversations, and more of them, are looked at in part. */
const maxPagesOfOne = 5;
const maxConversations = 200;

export interface OwnMessages {
  /** Newest first. */
  readonly messages: readonly PastMessage[];
  /** False when there are older ones. */
  readonly isComplete: boolean;
}

interface Asking {
  readonly bus: Bus;
  readonly received: Pick<Received, 'caller' | 'signal' | 'trace'>;
  readonly agents: readonly AgentPreference[] | undefined;
}

/** The caller's newest messages, from memory; nobody else's can be asked for. */
export async function readOwnMessages(asking: Asking, limit: number): Promise<OwnMessages> {
  let messages: PastMessage[] = [];
  let isComplete = true;
  let seen = 0;
  for await (const { id, updatedAt } of conversations(asking)) {
    const oldest = messages[limit - 1];
    // Conversations come last used first: from here on all messages are older still.
    if (seen >= maxConversations || (oldest !== undefined && updatedAt < oldest.at)) {
      isComplete = false;
      break;
    }
    seen += 1;
    const { events, isWhole } = await readEvents(asking, id);
    isComplete &&= isWhole;
    messages = [...messages, ...pastMessages(events, asking.agents)].sort((left, right) =>
      left.at < right.at ? 1 : -1,
    );
    if (messages.length > limit) {
      isComplete = false;
      messages = messages.slice(0, limit);
    }
  }
  return { messages, isComplete };
}

async function* conversations({ bus, received }: Asking) {
  let cursor: string | undefined;
  do {
    const page = { limit: pageOfConversations, ...(cursor === undefined ? {} : { cursor }) };
    const found = await bus.call(listConversations, page, received);
    yield* found.conversations;
    cursor = found.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

async function readEvents({ bus, received }: Asking, conversationId: string) {
  const events: ConversationEvent[] = [];
  for (let page = 0; page < maxPagesOfOne; page += 1) {
    const wish = { conversationId, afterSeq: events.at(-1)?.seq ?? 0, limit: pageOfEvents };
    const found = await bus.call(listEvents, wish, received);
    events.push(...found.events);
    if (!found.hasMore) return { events, isWhole: true };
  }
  return { events, isWhole: false };
}
