import {
  type ChannelCapabilities,
  type ConversationEvent,
  channelOutbound,
  channelProtocolVersion,
  conversationLog,
  type EventOfType,
} from '@mosaic/proto';
import type { Bus, Clock, Logger, Settleable, Stoppable } from '@mosaic/service-kit';
import { channelAnswer, cutToFit } from '../../app/channel/channel-answer.ts';
import { type ApprovalNews, describeApproval } from '../../app/channel/channel-approval.ts';
import {
  type OwnedConversation,
  type RoomlessConversations,
  rememberRoomless,
} from '../../app/channel/roomless-conversations.ts';
import type { ChannelStore } from '../../stores/channels.ts';
import { deliveryId } from './delivery-id.ts';

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

interface Sending extends OutboundParts {
  readonly roomless: RoomlessConversations;
}

/** Sends the end of every turn of a bridge's room to that bridge, and what it waits for meanwhile. */
export function sendOutbound(parts: OutboundParts): Promise<Stoppable> {
  const sending = { ...parts, roomless: rememberRoomless() };
  return parts.bus.consume(conversationLog, (delivery) => pass(sending, delivery), {
    durable: 'gateway-channels-out',
    concurrency,
    ackWaitMs,
    from: 'now',
  });
}

async function pass(parts: Sending, delivery: Settleable<ConversationEvent>): Promise<void> {
  const { fact, tokens, trace } = delivery;
  // The subject says whose it is: ids of conversations are made by clients, and two may be the same.
  const owned = { userId: tokens['userId'] ?? '', conversationId: fact.conversationId };
  if (isBegunElsewhere(fact)) parts.roomless.add(owned);
  if (!isEndOfTurn(fact) && !isApproval(fact)) return delivery.ack();
  try {
    const room = await findRoom(parts, owned);
    if (room !== undefined) await show(parts, { event: fact, room, trace });
    delivery.ack();
  } catch (thrown) {
    const { conversationId } = fact;
    parts.log.warn({ err: thrown, conversationId }, 'an answer for a bridge has to wait');
    delivery.retryLater(retryMs);
  }
}

/** Those of rooms name their channel. */
function isBegunElsewhere(event: ConversationEvent): boolean {
  return event.type === 'conversation.created' && event.channel === undefined;
}

function isEndOfTurn(event: ConversationEvent): event is EndOfTurn {
  return ['turn.completed', 'turn.failed', 'turn.cancelled'].includes(event.type);
}

function isApproval(event: ConversationEvent): event is ApprovalNews {
  return ['approval.asked', 'approval.answered', 'approval.expired'].includes(event.type);
}

type ShownRoom = NonNullable<Awaited<ReturnType<ChannelStore['roomOf']>>>;

/**
 * Most conversations are in no room: asking the database at the end of each of their turns was one of
 * the transactions of every turn.
 */
async function findRoom(
  { channels, roomless }: Sending,
  owned: OwnedConversation,
): Promise<ShownRoom | undefined> {
  if (roomless.has(owned)) return undefined;
  const room = await channels.roomOf(owned);
  if (room === undefined) roomless.add(owned);
  return room;
}

async function show(
  parts: OutboundParts,
  shown: {
    readonly event: EndOfTurn | ApprovalNews;
    readonly room: ShownRoom;
    readonly trace: string;
  },
): Promise<void> {
  const { event, room, trace } = shown;
  const { channelId } = room;
  const can = room.capabilities ?? cautious;
  const place = room.thread === '' ? { room: room.room } : { room: room.room, thread: room.thread };
  const at = new Date(parts.clock.now()).toISOString();
  const said = isEndOfTurn(event) ? piecesOfEnd(event, can) : piecesOfNews(event, can);
  for (const piece of said) {
    const { id } = piece;
    const delivery = { v: channelProtocolVersion, channelId, at, place, ...piece } as const;
    await parts.bus.publish(channelOutbound, delivery, {
      tokens: { channelId },
      trace,
      messageId: id,
    });
  }
}

type Can = Pick<ChannelCapabilities, 'markdown' | 'maxTextChars'>;

function piecesOfEnd(end: EndOfTurn, can: Can) {
  const { footer, kind, texts } = channelAnswer(end, can);
  return texts.map((text, index) => {
    const isFinal = index === texts.length - 1;
    return {
      id: deliveryId(end.run, index),
      inReplyTo: end.messageId,
      isFinal,
      kind,
      text,
      ...(isFinal && footer !== undefined && { footer }),
      isSimulated: end.isSimulated,
    };
  });
}

/** Never final: the answer is still to come. */
function piecesOfNews(event: ApprovalNews, can: Can) {
  const { callId, run, type } = event;
  return cutToFit(describeApproval(event), can.maxTextChars).map((text, index) => ({
    id: deliveryId(`${run} ${callId} ${type}`, index),
    isFinal: false,
    kind: 'notice' as const,
    text,
  }));
}
