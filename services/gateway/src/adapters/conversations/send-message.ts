import {
  conversationLog,
  emptyView,
  type InboxMessage,
  inbox,
  MosaicError,
  makeId,
  type RestMessage,
} from '@mosaic/proto';
import type { Bus, Clock, SignedCaller } from '@mosaic/service-kit';
import { findAnswer } from '../../app/conversation/find-answer.ts';
import type { SendAllowance } from '../../app/send-allowance.ts';
import type { Catalogue } from '../catalogue.ts';
import { type Head, readHead, tokensOf } from './conversation-log.ts';

export interface NewMessage {
  readonly conversationId: string;
  readonly messageId?: string | undefined;
  readonly text: string;
  readonly model?: string | undefined;
  readonly agent?: string | undefined;
  readonly mode?: InboxMessage['mode'];
  readonly timeZone?: string | undefined;
}

/** A message that nothing may lose any more. */
export interface SentMessage {
  readonly conversationId: string;
  readonly messageId: string;
  /** Where the log stood before; null when the message may have been there already. */
  readonly sentBehind: Head | null;
}

export interface Sender {
  /**
   * Accepts a message: resolves after the inbox has stored it. Throws not_found, unknown_model,
   * unknown_agent, rate_limited, service_unavailable.
   */
  send(caller: SignedCaller, message: NewMessage, trace: string): Promise<SentMessage>;
  /** The finished answer; waits for the turn to end. Throws deadline_exceeded and cancelled. */
  waitForAnswer(
    caller: SignedCaller,
    sent: SentMessage,
    signal: AbortSignal,
  ): Promise<{ readonly message: RestMessage; readonly seq: number }>;
}

const longestTurnMs = 600_000;

export interface SenderParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  readonly allowance: SendAllowance;
}

export function makeSender(parts: SenderParts): Sender {
  return {
    send: (caller, message, trace) => send(parts, caller, { ...message, trace }),
    waitForAnswer: (caller, sent, signal) => waitForAnswer(parts.bus, caller, { ...sent, signal }),
  };
}

async function send(
  { allowance, bus, catalogue, clock }: SenderParts,
  caller: SignedCaller,
  message: NewMessage & { readonly trace: string },
): Promise<SentMessage> {
  const { agent, conversationId, mode, text, timeZone } = message;
  const head = await readHead(bus, caller, conversationId);
  const model = message.model === 'auto' ? undefined : message.model;
  await catalogue.assertKnown(caller, { model, agent });
  allowance.take(caller.userId, clock.now());
  const messageId = message.messageId ?? makeId();
  await bus.publish(
    inbox,
    {
      conversationId,
      messageId,
      text,
      ...(model === undefined ? {} : { model }),
      ...(agent === undefined ? {} : { agent }),
      ...(mode === undefined ? {} : { mode }),
      ...(timeZone === undefined ? {} : { timeZone }),
      acceptedAt: new Date(clock.now()).toISOString(),
    },
    { tokens: tokensOf(caller, conversationId), caller, trace: message.trace, messageId },
  );
  const isNew = message.messageId === undefined;
  return { conversationId, messageId, sentBehind: isNew ? head : null };
}

async function waitForAnswer(
  bus: Bus,
  caller: SignedCaller,
  sent: SentMessage & { readonly signal: AbortSignal },
): Promise<{ readonly message: RestMessage; readonly seq: number }> {
  const { conversationId, messageId, sentBehind } = sent;
  const view = { ...emptyView(conversationId), seq: sentBehind?.seq ?? 0 };
  const finder = findAnswer(messageId, view);
  const tooLate = AbortSignal.timeout(longestTurnMs);
  const events = bus.read(conversationLog, {
    tokens: tokensOf(caller, conversationId),
    afterStreamSeq: sentBehind?.streamSeq ?? 0,
    untilCaughtUp: false,
    signal: AbortSignal.any([sent.signal, tooLate]),
  });
  for await (const { fact } of events) {
    const message = finder.take(fact);
    if (message !== undefined) return { message, seq: fact.seq };
    if (fact.type === 'conversation.deleted') throw new MosaicError('not_found');
  }
  throw new MosaicError(tooLate.aborted ? 'deadline_exceeded' : 'cancelled');
}
