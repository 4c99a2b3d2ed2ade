import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { installApart } from '../install-apart.ts';

/** A way to make requests, of the shape that the vendors' SDKs take. */
export interface HttpClient {
  readonly name: string;
  readonly fetch: typeof fetch;
}

/** The part of undici that is measured here; the package itself is no dependency. */
interface Undici {
  readonly Agent: new (options: Readonly<Record<string, number>>) => object;
  fetch(input: unknown, init: object): Promise<Response>;
  request(url: unknown, options: object): Promise<UndiciAnswer>;
}

interface UndiciAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Readable;
}

const version = '8.13.1';

/** The platform's own `fetch`, and two ways of undici when it can be installed apart. */
export async function findHttpClients(): Promise<HttpClient[]> {
  const platform = { name: `fetch of Node (undici ${process.versions['undici']})`, fetch };
  const installed = await installApart({ name: 'undici', dependencies: { undici: version } });
  if (installed === undefined) return [platform];
  const undici: Undici = await import(pathToFileURL(`${installed}/undici/index.js`).href);
  // No time limits of its own, for those of the service rule; one request at a time per connection.
  const dispatcher = new undici.Agent({ headersTimeout: 0, bodyTimeout: 0, pipelining: 1 });
  return [
    platform,
    {
      name: `undici ${version}: fetch with an agent`,
      fetch: (input, init) => undici.fetch(input, { ...init, dispatcher }),
    },
    {
      name: `undici ${version}: request, as a Response`,
      fetch: async (input, init) =>
        toResponse(await undici.request(input, { ...init, dispatcher })),
    },
  ];
}

function toResponse({ statusCode, headers, body }: UndiciAnswer): Response {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  // Node's stream is an async iterable of bytes, which a Response takes as its body.
  return new Response(body as unknown as ReadableStream, { status: statusCode, headers: entries });
}
