import { faultOfPage, toError } from '../app/vendor/vendor-fault.ts';

type Fetch = typeof globalThis.fetch;

/**
 * A `fetch` for SDKs that read server-sent events from any answer with status 200. It closes gaps of
 * theirs: a web page is a failure of whoever sent it; a JSON document, which is how some hosts report
 * an error although a stream was asked for, becomes the first event; and a last event without its
 * blank line is not lost.
 */
export function expectStream(request: Fetch = fetch): Fetch {
  return async (input, init) => {
    const response = await request(input, init);
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok || !response.body) return response;
    if (/\bhtml\b/.test(type)) throw toError(faultOfPage(await response.text()));
    // Only answers are streams; a list of models is one document.
    if (init?.method?.toUpperCase() !== 'POST') return response;
    if (/\bjson\b/.test(type)) return withBody(response, toEvent(await response.text()));
    // Read on demand: a stream that reads ahead loses what it holds when the connection breaks.
    return withBody(response, ReadableStream.from(completeLastEvent(response.body)));
  };
}

function withBody({ status, headers }: Response, body: string | ReadableStream): Response {
  const kept = new Headers(headers);
  // They describe the body that was.
  kept.delete('content-length');
  kept.delete('content-encoding');
  kept.set('content-type', 'text/event-stream');
  return new Response(body, { status, headers: kept });
}

/** A document as the one event of a stream; one that is no JSON stays as unreadable as it is. */
function toEvent(document: string): string {
  // Some hosts stream and call it JSON.
  if (/^(?:event|data):/m.test(document)) return document;
  const parsed = parseJson(document);
  const name = parsed && ('error' in parsed || parsed['type'] === 'error') ? 'error' : 'message';
  const line = parsed ? JSON.stringify(parsed) : document.replace(/[\r\n]+/g, ' ');
  return `event: ${name}\ndata: ${line}\n\n`;
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const lineFeed = 10;

/**
 * Passes bytes on as they come. At a clean end it adds the blank line that ends an event, unless the
 * event itself is not whole: that one was cut, and reading it would make broken JSON out of a cut.
 */
async function* completeLastEvent(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    const known = Buffer.concat([tail, chunk]);
    const last = known.lastIndexOf(lineFeed);
    const before = last > 0 ? known.lastIndexOf(lineFeed, last - 1) : -1;
    tail = known.subarray(before + 1);
    yield chunk;
  }
  if (endsWhole(tail.toString())) yield Buffer.from('\n\n');
}

/** `tail` is the last line that ended, and what came behind it. */
function endsWhole(tail: string): boolean {
  const lines = tail.split('\n').map((line) => line.trim());
  const rest = lines.at(-1) ?? '';
  if (rest === '') return lines.at(-2)?.startsWith('data:') ?? false;
  return rest.startsWith('data:') && parseJson(rest.slice('data:'.length)) !== undefined;
}
