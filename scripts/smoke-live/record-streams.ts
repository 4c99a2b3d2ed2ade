import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface StreamRecorder extends AsyncDisposable {
  /** Base URL for the service, instead of the vendor's. */
  readonly url: string;
}

// Of one connection, or no longer true: fetch has taken the compression away.
const notPassedOn = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
]);

/**
 * Passes requests on to a vendor and writes the raw bytes of every streamed answer to a file of its own,
 * numbered in order. Requests, and with them keys, are not written.
 */
export async function startRecorder(
  vendor: string,
  target: string,
  directory: string,
): Promise<StreamRecorder> {
  await mkdir(directory, { recursive: true });
  let count = 0;
  const nextFile = (type: string) => {
    count += 1;
    const ending = type.includes('ndjson') ? 'ndjson' : 'sse';
    return join(directory, `${vendor}-${count}.${ending}`);
  };
  const server = createServer((request, response) => {
    // The service hears of a vendor that is not there as it would without this in between: it breaks off.
    passOn(request, response, { target, nextFile }).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The recorder has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Passing {
  readonly target: string;
  nextFile(type: string): string;
}

async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  { target, nextFile }: Passing,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const body = Buffer.concat(await request.toArray());
  const answer = await fetch(target + (request.url ?? ''), {
    method: request.method ?? 'GET',
    headers: passedHeaders(Object.entries(request.headers)),
    redirect: 'manual',
    signal: gone.signal,
    ...(body.length > 0 && { body }),
  });
  response.writeHead(answer.status, Object.fromEntries(passedHeaders([...answer.headers])));
  response.flushHeaders();
  if (answer.body === null) {
    response.end();
    return;
  }
  const bytes = Readable.fromWeb(answer.body);
  const type = answer.headers.get('content-type') ?? '';
  const isStream = answer.ok && /event-stream|ndjson/.test(type);
  const copied = isStream ? pipeline(bytes, createWriteStream(nextFile(type))) : undefined;
  await Promise.all([pipeline(bytes, response), copied]);
}

function passedHeaders(
  headers: readonly (readonly [string, string | string[] | undefined])[],
): [string, string][] {
  return headers.flatMap(([name, value]) =>
    value === undefined || notPassedOn.has(name) ? [] : [[name, String(value)]],
  );
}
