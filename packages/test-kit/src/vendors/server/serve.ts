import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Dialect } from '../wire/dialect.ts';
import { asRecord, asText, type JsonRecord } from '../wire/loose-json.ts';
import { answerRequest } from './answer-request.ts';
import { type Controls, handleControl } from './control-routes.ts';
import type { Gate } from './gate.ts';
import { type JournalEntry, maskHeaders, now } from './journal.ts';
import { play } from './play.ts';

export interface ServeOptions extends Controls {
  readonly dialects: readonly Dialect[];
  readonly gate: Gate;
  readonly paceMs: number;
}

async function readBody(request: IncomingMessage): Promise<JsonRecord | undefined> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString('utf8');
  if (text === '') return {};
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}

interface Opened {
  readonly entry: JournalEntry;
  readonly signal: AbortSignal;
}

/** Writes the request down and watches its connection until it is over. */
function openEntry(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  seen: { dialect: Dialect; path: string; body: JsonRecord },
): Opened {
  const gone = new AbortController();
  const entry: JournalEntry = {
    vendor: seen.dialect.vendor,
    method: request.method ?? '',
    path: seen.path,
    headers: maskHeaders(request.headers),
    body: seen.body,
    model: asText(seen.body['model']) || null,
    at: now(),
    status: null,
    chunksSent: 0,
    aborted: false,
    closedAt: null,
  };
  response.once('close', () => {
    entry.closedAt = now();
    gone.abort();
  });
  return { entry, signal: gone.signal };
}

async function waitUntilGone(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}

/** Answers one request: a control route, or a vendor by its prefix. */
export async function serve(
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
  options: ServeOptions,
): Promise<void> {
  const { request, response } = exchange;
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const body = await readBody(request);
  if (handleControl(exchange, { method, url, body }, options)) return;
  const dialect = options.dialects.find(
    ({ prefix }) => url.pathname === prefix || url.pathname.startsWith(`${prefix}/`),
  );
  if (dialect === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('no vendor at this path\n');
    return;
  }
  url.pathname = url.pathname.slice(dialect.prefix.length);
  const { entry, signal } = openEntry(exchange, { dialect, path: url.pathname, body: body ?? {} });
  options.journal.add(entry);
  const asked = { method, url, headers: request.headers, body: body ?? {} };
  const goesOn = options.gate.opened;
  const { playback, delayMs } = answerRequest(dialect, asked, options);
  if (delayMs > 0) await setTimeout(delayMs, undefined, { signal }).catch(() => undefined);
  if (playback === undefined) await waitUntilGone(signal);
  else if (!signal.aborted) {
    entry.status = playback.status;
    const onChunk = () => {
      entry.chunksSent += 1;
    };
    await play(response, playback, { signal, goesOn, onChunk });
    const isCutByUs = playback.ending === 'destroy' || playback.ending === 'reset';
    const isComplete = entry.chunksSent === playback.steps.length;
    if (isComplete && (isCutByUs || response.writableEnded)) return;
  }
  entry.aborted = true;
}
