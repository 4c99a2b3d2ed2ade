import type { IncomingHttpHeaders } from 'node:http';

/** The key of an `Authorization: Bearer` header. */
export function readBearerKey(headers: IncomingHttpHeaders): string | undefined {
  const key = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return key === undefined || key === '' ? undefined : key;
}
