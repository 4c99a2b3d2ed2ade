import { makeId } from '@mosaic/proto';

/** An id for a tool call whose vendor gave none; short enough for every vendor's limit. */
export function mintCallId(): string {
  return `call_${makeId().replaceAll('-', '')}`;
}
