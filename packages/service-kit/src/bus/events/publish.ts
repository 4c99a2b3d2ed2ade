import { randomUUID } from 'node:crypto';
import { type EventContract, streams, subjectFor } from '@mosaic/proto';
import type { JetStreamPublishOptions } from '@nats-io/jetstream';
import type { z } from 'zod';
import { assertFits, type BusCore, send } from '../connection/bus-core.ts';
import { checked, encoded } from '../message/codec.ts';
import { headersFor } from '../message/headers.ts';
import { traceOrNew } from '../message/trace.ts';
import type { PublishOptions } from '../port.ts';
import { type EventCore, eventError, mayPass } from './event-core.ts';

export interface Publication<E extends EventContract> {
  readonly event: E;
  readonly fact: z.input<E['fact']>;
  readonly options: PublishOptions;
}

export interface Published {
  readonly streamSeq: number;
  readonly isDuplicate: boolean;
}

/** Room for the headers that a stored publish adds: message id and expected sequence. */
const streamHeaderBytes = 512;

/** Publishes without waiting for storage. */
export function publishLive<E extends EventContract>(
  core: BusCore,
  publication: Publication<E>,
): void {
  send(core, messageOf(publication));
}

/** Publishes and, for stored facts, waits for the stream's acknowledgement. Throws MosaicError. */
export async function publish<E extends EventContract>(
  core: EventCore,
  publication: Publication<E>,
): Promise<Published> {
  const { event, options } = publication;
  const message = messageOf(publication);
  if (event.stream === null) {
    send(core, message);
    return { streamSeq: 0, isDuplicate: false };
  }
  assertFits(core, message, streamHeaderBytes);
  const { expectedLastSeq } = options;
  const messageId = messageIdFor(event.stream, { ...options, subject: message.subject });
  const ack = await untilStored(core, message, {
    headers: message.headers,
    ...(messageId === undefined ? {} : { msgID: messageId }),
    ...(expectedLastSeq === undefined ? {} : { expect: { lastSubjectSequence: expectedLastSeq } }),
  });
  // An id that was made here is known to nobody: the "duplicate" is our own first attempt.
  return { streamSeq: ack.seq, isDuplicate: ack.duplicate && options.messageId !== undefined };
}

type Message = ReturnType<typeof messageOf>;

function messageOf<E extends EventContract>({ event, fact, options }: Publication<E>) {
  const body = checked<E['fact']>(event.fact, fact, {
    what: `The fact for ${event.subject}`,
    code: 'bad_request',
  });
  return {
    subject: subjectFor(event.subject, options.tokens),
    data: encoded(body),
    headers: headersFor({ caller: options.caller, trace: traceOrNew(options.trace) }),
  };
}

/**
 * A retry is harmless only with an id; streams without a window don't remember ids at all. A stream
 * compares the ids of all its subjects: with the subject in it, nobody can take another's id away.
 */
function messageIdFor(
  stream: string,
  { messageId, subject }: { readonly messageId?: string | undefined; readonly subject: string },
): string | undefined {
  if (messageId !== undefined) return `${subject} ${messageId}`;
  const spec = streams.find((one) => one.name === stream);
  return spec?.duplicateWindowS === 0 ? undefined : randomUUID();
}

async function untilStored(
  core: EventCore,
  message: Message,
  options: Partial<JetStreamPublishOptions>,
) {
  const { publishMs, publishAttemptMs } = core.timings;
  const deadline = Date.now() + publishMs;
  for (let attempt = 1; ; attempt += 1) {
    await core.watch.whenConnected(deadline - Date.now());
    const timeout = Math.max(1, Math.min(publishAttemptMs, deadline - Date.now()));
    try {
      return await core.jetstream.publish(message.subject, message.data, { ...options, timeout });
    } catch (thrown) {
      const pauseMs = Math.min(50 * attempt, 500);
      if (!mayPass(thrown) || Date.now() + pauseMs >= deadline) throw eventError(thrown);
      core.log.debug({ err: thrown, subject: message.subject, attempt }, 'Publishing again.');
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
