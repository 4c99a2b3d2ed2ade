import type { IncomingHttpHeaders } from 'node:http';
import { sessionCookies } from './accounts.ts';

/** What somebody showed to be let in. A cookie comes by itself, a bearer token on purpose. */
export type Credential =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'cookie'; readonly name: string; readonly value: string };

/** The credential of a request; a token wins over a cookie. */
export function readCredential(headers: IncomingHttpHeaders): Credential | undefined {
  const token = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token !== undefined) return { kind: 'bearer', token };
  // The header that Anthropic's own clients send.
  const apiKey = headers['x-api-key'];
  if (typeof apiKey === 'string' && apiKey !== '') return { kind: 'bearer', token: apiKey };
  return readSessionCookie(headers.cookie ?? '');
}

function readSessionCookie(header: string): Credential | undefined {
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, at)).trim();
    const known = sessionCookies.find((one) => one === name);
    const value = pair.slice(at + 1).trim();
    if (known !== undefined && value !== '') return { kind: 'cookie', name, value };
  }
  return undefined;
}
