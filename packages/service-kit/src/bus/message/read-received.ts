import {
  busHeaders,
  type Contract,
  type EventContract,
  MosaicError,
  type RequestContract,
  type StreamContract,
  type SubjectTokens,
  subjectTokens,
} from '@mosaic/proto';
import type { MsgHdrs } from '@nats-io/transport-node';
import { verifyCaller } from '../../credentials/caller-token.ts';
import type { BusLog } from '../bus-log.ts';
import type { Received, SignedCaller } from '../port.ts';
import { headerOf } from './headers.ts';
import { traceOrNew } from './trace.ts';

/** Who stands behind a message that needs nobody. */
const nobody: SignedCaller = Object.freeze({ userId: 'service', role: 'service', token: '' });

interface Incoming {
  readonly subject: string;
  readonly headers?: MsgHdrs | undefined;
}

export function traceOf(message: Incoming): string {
  return traceOrNew(headerOf(message.headers, busHeaders.trace));
}

/** What it takes to tell who stands behind a message. */
interface Reader {
  readonly callerPublicKey: string;
  readonly log: BusLog;
}

/**
 * Who a request comes from and what its subject says. Throws unauthenticated or forbidden when the
 * contract needs a person (or an administrator) and the message has none.
 */
export function readRequest(
  reader: Reader,
  contract: RequestContract | StreamContract,
  message: Incoming,
): Omit<Received, 'signal'> {
  const token = headerOf(message.headers, busHeaders.caller);
  const caller = token === undefined ? nobody : verifyCaller(reader.callerPublicKey, token);
  if (!contract.calledBy.includes('bridge')) assertAllowed(contract.caller, caller);
  return receivedFrom(contract, message, caller);
}

/**
 * Who a fact comes from and what its subject says. A caller that can't be verified (the keys of the
 * installation were changed since) counts as nobody: the fact is kept, and nobody is trusted for it.
 */
export function readFact(
  reader: Reader,
  event: EventContract,
  message: Incoming,
): Omit<Received, 'signal'> {
  return receivedFrom(event, message, writerOf(reader, message));
}

function writerOf(reader: Reader, message: Incoming): SignedCaller {
  const token = headerOf(message.headers, busHeaders.caller);
  if (token === undefined) return nobody;
  try {
    return verifyCaller(reader.callerPublicKey, token);
  } catch (thrown) {
    reader.log.warn({ err: thrown, subject: message.subject }, 'The caller of a fact is unknown.');
    return nobody;
  }
}

function receivedFrom(contract: Contract, message: Incoming, caller: SignedCaller) {
  return { caller, tokens: tokensOf(contract, message.subject), trace: traceOf(message) };
}

function assertAllowed(need: 'user' | 'admin' | 'service', caller: SignedCaller): void {
  if (need === 'service') return;
  if (caller.token === '') {
    throw new MosaicError('unauthenticated', 'This needs somebody on whose behalf it is asked.');
  }
  const isPerson = caller.role === 'member' || caller.role === 'admin';
  if (need === 'admin' ? caller.role !== 'admin' : !isPerson) throw new MosaicError('forbidden');
}

function tokensOf(contract: Contract, subject: string): SubjectTokens {
  return subjectTokens(contract.subject, subject) ?? {};
}
