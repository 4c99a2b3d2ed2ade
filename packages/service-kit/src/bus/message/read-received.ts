import {
  busHeaders,
  type Contract,
  MosaicError,
  type SubjectTokens,
  subjectTokens,
} from '@mosaic/proto';
import type { MsgHdrs } from '@nats-io/transport-node';
import { verifyCaller } from '../../credentials/caller-token.ts';
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

/**
 * Who a message comes from and what its subject says. Throws unauthenticated or forbidden when the
 * contract needs a person (or an administrator) and the message has none.
 */
export function readReceived(
  contract: Contract,
  message: Incoming,
  publicKey: string,
): Omit<Received, 'signal'> {
  const token = headerOf(message.headers, busHeaders.caller);
  const caller = token === undefined ? nobody : verifyCaller(publicKey, token);
  if (contract.kind !== 'event' && !contract.calledBy.includes('bridge')) {
    assertAllowed(contract.caller, caller);
  }
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
