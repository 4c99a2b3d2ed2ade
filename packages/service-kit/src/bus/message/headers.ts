import { busHeaders } from '@mosaic/proto';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { SignedCaller } from '../port.ts';

/** Names that belong to the service API of NATS (ADR-32): any NATS tool reads errors by them. */
export const serviceErrorHeader = 'Nats-Service-Error';
export const serviceErrorCodeHeader = 'Nats-Service-Error-Code';

/** What a reader says that takes several parts in one message; one of an older version says nothing. */
export const takesSeveral = 'several';

export interface HeaderValues {
  readonly caller?: SignedCaller | undefined;
  readonly trace: string;
  readonly timeoutMs?: number;
  readonly streamId?: string;
}

/** Headers of a request or a fact. */
export function headersFor(values: HeaderValues): MsgHdrs {
  const made = headers();
  made.set(busHeaders.trace, values.trace);
  if (values.caller !== undefined && values.caller.token !== '') {
    made.set(busHeaders.caller, values.caller.token);
  }
  if (values.timeoutMs !== undefined) {
    made.set(busHeaders.timeoutMs, String(Math.ceil(values.timeoutMs)));
  }
  if (values.streamId !== undefined) {
    made.set(busHeaders.stream, values.streamId);
    made.set(busHeaders.parts, takesSeveral);
  }
  return made;
}

/** A header's value; undefined when it is absent or empty. */
export function headerOf(given: MsgHdrs | undefined, name: string): string | undefined {
  const value = given?.get(name);
  return value === undefined || value === '' ? undefined : value;
}

/** Bytes that the headers take on the wire, at most; they count towards the payload limit. */
export function headerBytes(given: MsgHdrs | undefined): number {
  if (given === undefined) return 0;
  let bytes = 'NATS/1.0\r\n\r\n'.length;
  for (const [name, values] of given) {
    for (const value of values) bytes += name.length + Buffer.byteLength(value) + 4;
  }
  return bytes;
}
