import type { IncomingHttpHeaders } from 'node:http';

/**
 * True when a browser says that the request comes from a page of another site. Programs that are no
 * browsers send neither header. Only hosts are compared: a proxy in front may end TLS.
 */
export function comesFromElsewhere(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin !== undefined) return !URL.canParse(origin) || new URL(origin).host !== host;
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
