import { type ConversationEvent, conversationLog, MosaicError } from '@mosaic/proto';
import type { Bus, SignedCaller } from '@mosaic/service-kit';

/** The last event of a conversation and where it stands in the stream. */
export interface Head {
  readonly seq: number;
  readonly streamSeq: number;
}

/** Address of a conversation: it holds the caller's own id, so nobody reaches another's. */
export function tokensOf(caller: SignedCaller, conversationId: string) {
  return { userId: caller.userId, conversationId };
}

/** Where a conversation stands. Throws not_found when it is not the caller's, or was deleted. */
export async function readHead(
  bus: Bus,
  caller: SignedCaller,
  conversationId: string,
): Promise<Head> {
  const last = await bus.lastOf(conversationLog, tokensOf(caller, conversationId));
  if (last === undefined || last.fact.type === 'conversation.deleted') throw notFound();
  return { seq: last.fact.seq, streamSeq: last.streamSeq };
}

/** The whole log of a conversation. Throws not_found when it is not the caller's, or was deleted. */
export async function readWholeLog(
  bus: Bus,
  caller: SignedCaller,
  conversationId: string,
): Promise<readonly ConversationEvent[]> {
  await readHead(bus, caller, conversationId);
  const tokens = tokensOf(caller, conversationId);
  const events: ConversationEvent[] = [];
  for await (const { fact } of bus.read(conversationLog, { tokens, untilCaughtUp: true })) {
    events.push(fact);
  }
  if (events.length === 0 || events.at(-1)?.type === 'conversation.deleted') throw notFound();
  return events;
}

function notFound(): MosaicError {
  return new MosaicError('not_found', 'There is no such conversation, or it is not yours.');
}
