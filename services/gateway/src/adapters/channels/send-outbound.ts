import { createHash } from 'node:crypto';
import {
  type ConversationEvent,
  channelOutbound,
  channelProtocolVersion,
  conversationLog,
  type EventOfType,
} from '@mosaic/proto';
import type { Bus, Clock, Logger, Settleable, Stoppable } from '@mosaic/service-kit';
import { channelAnswer } from '../../app/channel/channel-answer.ts';
import type { ChannelStore } from '../../stores/channels.ts';

const concurrency = 16;
const ackWaitMs = 30_000;
const retryMs = 2_000;
/** For a bridge that has not said hello yet. */
const cautious = { markdown: 'none', maxTextChars: 4_000 } as const;

type EndOfTurn = EventOfType<'turn.completed' | 'turn.failed' | 'turn.cancelled'>;

export interface OutboundParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly channels: ChannelStore;
}

/** Sends the end of every turn of a bridge's room to that bridge. */
export function sendOutbound(parts: OutboundParts): Promise<Stoppable> {
  return parts.bus.consume(conversationLog, (delivery) => pass(parts, delivery), {
    durable: 'gateway-channels-out',
    concurrency,
    ackWaitMs,
    from: 'now',
  });
}

async function pass(parts: OutboundParts, delivery: Settleable<ConversationEvent>): Promise<void> {
  const { fact } = delivery;
  if (!isEndOfTurn(fact)) return delivery.ack();
  try {
    await show(parts, fact, delivery.trace);
    delivery.ack();
  } catch (thrown) {
    const { conversationId } = fact;
    parts.log.warn({ err: thrown, conversationId }, 'an answer for a bridge has to wait');
    delivery.retryLater(retryMs);
  }
}

function isEndOfTurn(event: ConversationEvent): event is EndOfTurn {
  return ['turn.completed', 'turn.failed', 'turn.cancelled'].includes(event.type);
}

async function show(parts: OutboundParts, end: EndOfTurn, trace: string): Promise<void> {
  const room = await parts.channels.roomOf(end.conversationId);
  if (room === undefined) return;
  const { channelId } = room;
  const answer = channelAnswer(end, room.capabilities ?? cautious);
  const place = room.thread === '' ? { room: room.room } : { room: room.room, thread: room.thread };
  for (const [index, text] of answer.texts.entries()) {
    const isLast = index === answer.texts.length - 1;
    const id = deliveryId(end.run, index);
    await parts.bus.publish(
      channelOutbound,
      {
        v: channelProtocolVersion,
        id,
        channelId,
        at: new Date(parts.clock.now()).toISOString(),
        place,
        inReplyTo: end.messageId,
        isFinal: isLast,
        kind: answer.kind,
        text,
        ...(isLast && answer.footer !== undefined ? { footer: answer.footer } : {}),
        isSimulated: end.isSimulated,
      },
      { tokens: { channelId }, trace, messageId: id },
    );
  }
}

/** The same run gives the same id, so that an answer that is passed on again is shown once (RFC 9562, v8). */
function deliveryId(run: string, index: number): string {
  const hex = createHash('sha256').update(`${run} ${index}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
