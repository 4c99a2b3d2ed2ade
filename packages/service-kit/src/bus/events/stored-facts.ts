import {
  type EventContract,
  type FactOf,
  type SubjectTokens,
  subjectFilter,
  subjectFor,
} from '@mosaic/proto';
import type { MsgRequest, NextMsgRequest } from '@nats-io/jetstream';
import type { Delivery } from '../port.ts';
import { askServer } from './ask-server.ts';
import { deliveryOf, type EventCore, eventError, streamOf } from './event-core.ts';

/** The last fact on one exact subject, or undefined. */
export function lastOf<E extends EventContract>(
  core: EventCore,
  event: E,
  tokens: SubjectTokens,
): Promise<Delivery<FactOf<E>> | undefined> {
  return stored(core, event, { last_by_subj: subjectFor(event.subject, tokens) });
}

/** The oldest fact that is still kept on one exact subject behind `afterStreamSeq`, or undefined. */
export function firstOf<E extends EventContract>(
  core: EventCore,
  event: E,
  { afterStreamSeq, tokens }: { readonly tokens: SubjectTokens; readonly afterStreamSeq: number },
): Promise<Delivery<FactOf<E>> | undefined> {
  const next_by_subj = subjectFor(event.subject, tokens);
  return stored(core, event, { seq: afterStreamSeq + 1, next_by_subj });
}

/** Removes what is kept on one exact subject, except the newest `keep`. Answers how many that were. */
export async function purge(
  core: EventCore,
  event: EventContract,
  { tokens, keep }: { readonly tokens: SubjectTokens; readonly keep: number },
): Promise<number> {
  return purgeSubjects(core, event, { filter: subjectFor(event.subject, tokens), keep });
}

/** Removes all that is kept of one user, whatever the other tokens of the subject. */
export function purgeUser(core: EventCore, event: EventContract, userId: string): Promise<number> {
  const filter = subjectFilter(event.subject, { userId });
  // Without the user in it the filter would be everybody's.
  if (!event.subject.includes('{userId}')) throw new TypeError(`${event.subject} names no user`);
  return purgeSubjects(core, event, { filter, keep: 0 });
}

async function purgeSubjects(
  core: EventCore,
  event: EventContract,
  { filter, keep }: { readonly filter: string; readonly keep: number },
): Promise<number> {
  try {
    const wish = keep === 0 ? { filter } : { filter, keep };
    return (await core.manager.streams.purge(streamOf(event), wish)).purged;
  } catch (thrown) {
    throw eventError(thrown);
  }
}

async function stored<E extends EventContract>(
  core: EventCore,
  event: E,
  query: MsgRequest | NextMsgRequest,
): Promise<Delivery<FactOf<E>> | undefined> {
  try {
    const stream = streamOf(event);
    const message = await askServer(core, () =>
      // The client's type leaves out `next_by_subj`, which servers take from 2.9 on.
      core.manager.streams.getMessage(stream, query as MsgRequest),
    );
    if (message === null) return undefined;
    return deliveryOf(core, event, {
      subject: message.subject,
      data: message.data,
      headers: message.header,
      streamSeq: message.seq,
      deliveryCount: 1,
    });
  } catch (thrown) {
    throw eventError(thrown);
  }
}
