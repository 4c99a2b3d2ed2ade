import { MosaicError } from '@mosaic/proto';
import type { Request, Response } from 'express';

/**
 * The version that a writer has seen: from `If-Match`, else from the body. Empty when nobody says, and
 * the save happens whatever is there. Throws bad_request for one that is no version.
 */
export function seenVersion(request: Request, inBody?: unknown): { readonly version?: number } {
  const header = request.headers['if-match'];
  if (header === '*' || (header === undefined && inBody === undefined)) return {};
  const version = header === undefined ? inBody : Number(/^(?:W\/)?"?(\d+)"?$/.exec(header)?.[1]);
  if (Number.isSafeInteger(version) && Number(version) >= 0) return { version: Number(version) };
  const where = header === undefined ? 'version' : 'If-Match';
  const message = `${where}: must be the version of the rule, such as 3`;
  throw new MosaicError('bad_request', message, { details: [{ path: where, message }] });
}

/** Says which version was answered with, in the form that `If-Match` takes. */
export function tellVersion(response: Response, version: number): void {
  response.setHeader('etag', `"${version}"`);
}
