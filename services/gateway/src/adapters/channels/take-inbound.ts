import {
  channelInbound,
  channelOutbound,
  channelOutcome,
  channelProtocolVersion,
  createConversation,
  type FactOf,
  inbox,
  MosaicError,
  makeId,
} from '@mosaic/proto';
import type { Bus, Clock, Logger, Settleable, SignedCaller, Stoppable } from '@mosaic/service-kit';
import { readChoice, speakerOf } from '../../app/channel/channel-approval.ts';
import type { ChannelStore } from '../../stores/channels.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { tokensOf } from '../conversations/conversation-log.ts';
import { deliveryId } from './delivery-id.ts';
import { takeChoice } from './take-choice.ts';

const concurrency = 16;
const ackWaitMs = 30_000;
const retryMs = 2_000;
/** What fails for ever must not come for ever: about five minutes of trying. */
const maxTries = 150;

type Inbound = FactOf<typeof channelInbound>;

export interface InboundParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly channels: ChannelStore;
  readonly authenticator: Pick<Authenticator, 'callerOf'>;
}

/** Takes what people write in rooms of bridges and puts it into the inbox like any message. */
export async function takeInbound(parts: InboundParts): Promise<Stoppable> {
  const { bus, log } = parts;
  const options = { concurrency, ackWaitMs, from: 'start' } as const;
  const messages = await bus.consume(channelInbound, (delivery) => take(parts, delivery), {
    ...options,
    durable: 'gateway-channels',
  });
  const outcomes = await bus.consume(
    channelOutcome,
    async ({ ack, fact: { channelId, deliveryId, outcome } }) => {
      const level = outcome === 'sent' || outcome === 'suppressed' ? 'debug' : 'warn';
      log[level]({ channelId, deliveryId, outcome }, 'a bridge told what became of a delivery');
      ack();
    },
    { ...options, durable: 'gateway-channel-outcomes' },
  );
  return {
    async stop() {
      await Promise.all([messages.stop(), outcomes.stop()]);
    },
  };
}

async function take(parts: InboundParts, delivery: Settleable<Inbound>): Promise<void> {
  const { fact, tokens, trace } = delivery;
  if (tokens['channelId'] !== fact.channelId) return delivery.discard('of another channel');
  // History is for the archive; answering it would fill the room with old news.
  if (fact.isHistorical) return delivery.ack();
  try {
    const person = await parts.channels.personBehind(fact.channelId, fact.handle);
    if (person === undefined) return delivery.discard('the channel is not registered');
    const caller = parts.authenticator.callerOf(person, `channel:${fact.channelId}`);
    const conversationId = await openConversation(parts, caller, fact);
    const speaker = speakerOf(fact.handle);
    const answer = readChoice(fact.text);
    if (answer !== undefined) {
      const taken = await takeChoice(parts, caller, { conversationId, answer, speaker });
      if (taken === 'not-theirs') await say(parts, fact, notTheirs);
      if (taken !== 'nothing-waits') return delivery.ack();
    }
    await parts.bus.publish(
      inbox,
      {
        conversationId,
        messageId: fact.id,
        text: fact.text,
        speaker,
        acceptedAt: new Date(parts.clock.now()).toISOString(),
      },
      { tokens: tokensOf(caller, conversationId), caller, trace, messageId: fact.id },
    );
    delivery.ack();
  } catch (thrown) {
    parts.log.warn({ err: thrown, channelId: fact.channelId }, 'an inbound message has to wait');
    if (delivery.deliveryCount >= maxTries) delivery.discard('it could not be taken');
    else delivery.retryLater(retryMs);
  }
}

const notTheirs = 'Only who asked for the answer may allow or deny the call.';

/** Says something to the room as a reply to what was written there. */
async function say({ bus, clock }: InboundParts, to: Inbound, text: string): Promise<void> {
  const { channelId, place } = to;
  const id = deliveryId(to.id, 0);
  const at = new Date(clock.now()).toISOString();
  const envelope = { v: channelProtocolVersion, id, channelId, at } as const;
  const said = { place, inReplyTo: to.id, isFinal: true, kind: 'notice', text } as const;
  await bus.publish(
    channelOutbound,
    { ...envelope, ...said },
    { tokens: { channelId }, messageId: id },
  );
}

/** The conversation of the room; a new one when the old one was deleted. */
async function openConversation(
  { bus, channels }: InboundParts,
  caller: SignedCaller,
  { channelId, place }: Inbound,
): Promise<string> {
  const room = { channelId, room: place.room, thread: place.thread ?? '' };
  const open = (conversationId: string) =>
    bus.call(createConversation, { conversationId, channel: channelId }, { caller });
  const known = await channels.conversationOf(room, caller.userId, makeId());
  try {
    await open(known);
    return known;
  } catch (thrown) {
    if (!(thrown instanceof MosaicError && thrown.code === 'conflict')) throw thrown;
    const fresh = makeId();
    await channels.renewConversation(known, fresh);
    await open(fresh);
    return fresh;
  }
}
