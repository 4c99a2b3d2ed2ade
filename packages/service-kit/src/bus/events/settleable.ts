import type { EventContract, FactOf } from '@mosaic/proto';
import type { Msg } from '@nats-io/transport-node';
import type { Settleable } from '../port.ts';
import { deliveryOf, type EventCore, type StoredMessage } from './event-core.ts';

/**
 * Reads the numbers that JetStream puts into the acknowledgement address:
 * `$JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>`, with domain
 * and account in front of the stream (and a token behind) from the second form on.
 */
export function numbersIn(ackSubject: string): { streamSeq: number; deliveryCount: number } {
  const tokens = ackSubject.split('.');
  const shift = tokens.length > 9 ? 2 : 0;
  return {
    deliveryCount: Number(tokens[4 + shift]),
    streamSeq: Number(tokens[5 + shift]),
  };
}

/** The ways to settle one delivery; only the first counts. */
export interface Settlement {
  readonly isSettled: boolean;
  ack(): void;
  retryLater(delayMs: number): void;
  heartbeat(): void;
  discard(reason: string): void;
}

export function settlementOf(core: EventCore, message: Msg): Settlement {
  let isSettled = false;
  const { reply: subject } = message;
  // With the others of this turn: whoever writes many records at once settles them at once.
  const say = (word: string) => {
    try {
      if (subject !== undefined) core.outbox.add(() => ({ subject, data: Buffer.from(word) }));
    } catch (thrown) {
      core.log.debug({ err: thrown }, 'A delivery could not be settled and will come again.');
    }
  };
  const settle = (word: string) => {
    if (isSettled) return;
    isSettled = true;
    say(word);
  };
  return {
    get isSettled() {
      return isSettled;
    },
    ack: () => settle('+ACK'),
    retryLater: (delayMs) =>
      settle(`-NAK ${JSON.stringify({ delay: Math.max(1, Math.round(delayMs * 1e6)) })}`),
    heartbeat: () => {
      if (!isSettled) say('+WPI');
    },
    discard: (reason) => {
      core.log.error({ subject: message.subject, reason }, 'A delivery was discarded.');
      settle('+TERM');
    },
  };
}

/** One delivery as the handler sees it; throws when the message is not of the contract. */
export function settleableOf<E extends EventContract>(
  core: EventCore,
  event: E,
  { message, settlement }: { readonly message: Msg; readonly settlement: Settlement },
): Settleable<FactOf<E>> {
  const stored: StoredMessage = {
    subject: message.subject,
    data: message.data,
    headers: message.headers,
    ...numbersIn(message.reply ?? ''),
  };
  return {
    ...deliveryOf(core, event, stored),
    signal: core.work.hardStop,
    ack: settlement.ack,
    retryLater: settlement.retryLater,
    heartbeat: settlement.heartbeat,
    discard: settlement.discard,
  };
}
