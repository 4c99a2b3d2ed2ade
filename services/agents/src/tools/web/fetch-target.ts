import { isIP } from 'node:net';
import { MosaicError } from '@mosaic/proto';
import { isPublicAddress } from './public-address.ts';

export interface FetchRules {
  /** Beside 80 and 443. */
  readonly ports: readonly number[];
  /** `host` or `host:port` that may be private: what the operator opened. */
  readonly openedHosts: readonly string[];
}

/** All addresses of a host name; the port through which a test brings its own. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** Where a request may go: to these addresses and to no other, whatever the name says later. */
export interface FetchTarget {
  readonly url: URL;
  readonly addresses: readonly string[];
}

/**
 * Checks an address of the web and resolves it once. Refuses what is not http or https, other ports,
 * names and passwords in it, and every host of which one address is not public. The URL parser has read
 * decimal, octal and hexadecimal hosts before anything is looked at. Throws `forbidden`, `bad_request`
 * and `not_found`.
 */
export async function findTarget(
  address: string,
  rules: FetchRules,
  resolve: Resolve,
): Promise<FetchTarget> {
  const url = URL.parse(address);
  if (url === null) throw new MosaicError('bad_request', `"${shown(address)}" is no address.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new MosaicError('forbidden', 'Only http and https can be fetched.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new MosaicError('forbidden', 'An address with a name or password in it is not fetched.');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const isOpened = rules.openedHosts.some(
    (one) => one === host || one === `${host}:${portOf(url)}`,
  );
  if (!isOpened && url.port !== '' && !rules.ports.includes(Number(url.port))) {
    throw new MosaicError('forbidden', `Port ${url.port} is not fetched.`);
  }
  const addresses = isIP(host) === 0 ? await addressesOf(host, resolve) : [host];
  if (!isOpened && !addresses.every(isPublicAddress)) {
    throw new MosaicError('forbidden', `"${shown(url.host)}" is not on the public internet.`);
  }
  return { url, addresses };
}

async function addressesOf(host: string, resolve: Resolve): Promise<readonly string[]> {
  const addresses = await resolve(host).catch(() => []);
  if (addresses.length === 0)
    throw new MosaicError('not_found', `There is no host "${shown(host)}".`);
  return addresses;
}

function portOf({ port, protocol }: URL): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port;
}

function shown(text: string): string {
  return text.slice(0, 200);
}
