import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { MosaicError } from '@mosaic/proto';
import { type FetchRules, type FetchTarget, findTarget, type Resolve } from './fetch-target.ts';

export interface FetchLimits {
  /** After unpacking. */
  readonly maxBytes: number;
  readonly maxRedirects: number;
}

export interface FetchedPage {
  /** Where the last redirect led. */
  readonly url: URL;
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  readonly isCut: boolean;
}

export interface FetchParts {
  readonly rules: FetchRules;
  readonly resolve: Resolve;
  readonly limits: FetchLimits;
}

/** Gets one page. Each redirect is checked and resolved like a first address. Throws MosaicError. */
export async function fetchPage(
  address: string,
  parts: FetchParts,
  signal: AbortSignal,
): Promise<FetchedPage> {
  let next = address;
  for (let redirects = 0; redirects <= parts.limits.maxRedirects; redirects += 1) {
    const target = await findTarget(next, parts.rules, parts.resolve);
    signal.throwIfAborted();
    const response = await request(target, signal);
    const { location } = response.headers;
    const status = response.statusCode ?? 0;
    if (status < 300 || status >= 400 || location === undefined) {
      const contentType = response.headers['content-type'] ?? '';
      const read = await readBody(response, parts.limits.maxBytes);
      return { url: target.url, status, contentType, ...read };
    }
    response.destroy();
    next = URL.parse(location, target.url.href)?.href ?? location;
  }
  throw new MosaicError('bad_request', `More than ${parts.limits.maxRedirects} redirects.`);
}

/**
 * Asks the addresses that were checked. The connection never resolves the name itself: a name server
 * that answers otherwise the second time is not asked a second time.
 */
function request({ url, addresses }: FetchTarget, signal: AbortSignal): Promise<IncomingMessage> {
  const lookup: LookupFunction = (_host, options, done) => {
    const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
    const [first] = found;
    if (options.all === true) done(null, found);
    else if (first === undefined) done(new Error('no address'), '');
    else done(null, first.address, first.family);
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { get } = url.protocol === 'https:' ? https : http;
  const asked = get(url, { agent: false, headers, lookup, signal }, resolve);
  asked.on('error', (cause) => {
    reject(new MosaicError('not_found', `${url.host} can't be reached.`, { cause }));
  });
  return promise;
}

const headers = {
  accept: 'text/html,application/xhtml+xml,text/*;q=0.9,application/json;q=0.9,*/*;q=0.1',
  'accept-encoding': 'gzip, deflate, br',
  'user-agent': 'Mosaic/0.1 (a person asked for this page)',
} as const;

async function readBody(response: IncomingMessage, maxBytes: number) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const unpacked = unpack(response);
  try {
    for await (const chunk of unpacked) {
      const room = maxBytes - bytes;
      const piece: Buffer = chunk.subarray(0, room);
      chunks.push(piece);
      bytes += piece.length;
      if (chunk.length > room) return { body: Buffer.concat(chunks), isCut: true };
    }
    return { body: Buffer.concat(chunks), isCut: false };
  } catch (cause) {
    throw new MosaicError('not_found', 'The page broke off before it was complete.', { cause });
  } finally {
    unpacked.destroy();
    response.destroy();
  }
}

/** What is packed without end ends at the limit, because it is counted after unpacking. */
function unpack(response: IncomingMessage): Readable {
  const unpacker = unpackerOf(response.headers['content-encoding'] ?? '');
  if (unpacker === undefined) return response;
  response.on('error', (error) => unpacker.destroy(error));
  return response.pipe(unpacker);
}

function unpackerOf(encoding: string) {
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return zlib.createUnzip();
    case 'br':
      return zlib.createBrotliDecompress();
    default:
      return undefined;
  }
}
