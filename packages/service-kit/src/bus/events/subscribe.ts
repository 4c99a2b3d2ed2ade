import { type EventContract, type FactOf, type SubjectTokens, subjectFilter } from '@mosaic/proto';
import type { Msg } from '@nats-io/transport-node';
import type { BusCore } from '../connection/bus-core.ts';
import { checked, decoded } from '../message/codec.ts';
import { readFact } from '../message/read-received.ts';
import type { Received, Stoppable } from '../port.ts';

export interface Listening<E extends EventContract> {
  readonly event: E;
  readonly listener: (fact: FactOf<E>, received: Omit<Received, 'signal'>) => void;
  readonly tokens: SubjectTokens | undefined;
}

/** Hears facts live; one that is not of its contract is logged and left out. */
export function subscribe<E extends EventContract>(
  core: BusCore,
  listening: Listening<E>,
): Stoppable {
  const { event } = listening;
  const subscription = core.connection.subscribe(subjectFilter(event.subject, listening.tokens), {
    callback: (error, message) => {
      if (error === null) hear(core, listening, message);
      else core.log.error({ err: error, subject: event.subject }, 'Not allowed to subscribe.');
    },
  });
  return {
    async stop() {
      if (!subscription.isClosed() && !core.connection.isClosed()) await subscription.drain();
    },
  };
}

function hear<E extends EventContract>(
  core: BusCore,
  { event, listener }: Listening<E>,
  message: Msg,
): void {
  try {
    const received = readFact(core, event, message);
    const fact: FactOf<E> = checked<E['fact']>(event.fact, decoded(message.data), {
      what: `A fact on ${event.subject}`,
      code: 'internal',
    });
    listener(fact, received);
  } catch (thrown) {
    core.log.error({ err: thrown, subject: message.subject }, 'A fact could not be heard.');
  }
}
