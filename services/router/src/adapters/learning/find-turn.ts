import { setTimeout as pause } from 'node:timers/promises';
import { type ConversationEvent, type EventOfType, listEvents, MosaicError } from '@mosaic/proto';
import type { Bus, Received } from '@mosaic/service-kit';

export interface AskingForTurn {
  readonly bus: Bus;
  readonly received: Pick<Received, 'caller' | 'signal' | 'trace'>;
}

/** A message of the caller, and the newest decision about it. */
export interface FoundTurn {
  readonly message: EventOfType<'message.added'>;
  readonly routed: EventOfType<'turn.routed'>;
  readonly before: readonly ConversationEvent[];
}

const pageOfEvents = 1_000;
/** Longer conversations are looked at in part, from their beginning. */
const maxPages = 20;
/** Memory may hear of a turn a moment after the person has seen it. */
const pausesMs = [200, 600];

/** Throws not_found for what is not the caller's, and for a message that was never routed. */
export async function findTurn(
  asking: AskingForTurn,
  { conversationId, messageId }: { readonly conversationId: string; readonly messageId: string },
): Promise<FoundTurn> {
  for (const pauseMs of [...pausesMs, undefined]) {
    const found = turnIn(await readEvents(asking, conversationId), messageId);
    if (found !== undefined) return found;
    if (pauseMs === undefined) break;
    await pause(pauseMs, undefined, { signal: asking.received.signal });
  }
  throw new MosaicError('not_found', 'You have no such message, or no model was chosen for it.');
}

async function readEvents({ bus, received }: AskingForTurn, conversationId: string) {
  const events: ConversationEvent[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const wish = { conversationId, afterSeq: events.at(-1)?.seq ?? 0, limit: pageOfEvents };
    const found = await bus.call(listEvents, wish, received);
    events.push(...found.events);
    if (!found.hasMore) break;
  }
  return events;
}

function turnIn(events: readonly ConversationEvent[], messageId: string): FoundTurn | undefined {
  const isOfMessage = (event: ConversationEvent) =>
    'messageId' in event && event.messageId === messageId;
  const added = events.findIndex((event) => event.type === 'message.added' && isOfMessage(event));
  const message = events[added];
  const routed = events.findLast((event) => event.type === 'turn.routed' && isOfMessage(event));
  if (message?.type !== 'message.added' || routed?.type !== 'turn.routed') return undefined;
  return { message, routed, before: events.slice(0, added) };
}
