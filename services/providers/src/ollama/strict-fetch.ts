import { faultFromAnswer, faultOfPage, toError } from '../app/vendor/vendor-fault.ts';

/**
 * A `fetch` for the SDK that closes four gaps of it: the caller's signal also ends a request that has
 * no answer yet (loading a model takes minutes), an error answer keeps its Retry-After, a web page is
 * no answer, and a line that is no JSON breaks the stream; the SDK would print it, with what people
 * wrote, and go on.
 */
export function strictFetch(signal: AbortSignal, request: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const response = await request(input, { ...init, signal });
    if (!response.ok) throw await explainAnswer(response);
    const type = response.headers.get('content-type') ?? '';
    if (/\bhtml\b/.test(type)) throw toError(faultOfPage(await response.text()));
    const isChat = /\/api\/chat$/.test(String(input));
    if (!isChat || !response.body) return response;
    // Read on demand: a stream that reads ahead loses what it holds when the connection breaks.
    return new Response(ReadableStream.from(checkLines(response.body)));
  };
}

async function explainAnswer(response: Response): Promise<Error> {
  const { status, headers } = response;
  const text = await response.text();
  return toError(faultFromAnswer({ status, headers, message: readError(text, status) }));
}

function readError(text: string, status: number): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === 'string') return error;
  } catch {
    // Not the vendor's own form: a proxy in between, for example.
  }
  return text.trim().slice(0, 5_000) || `The provider answered with status ${status}.`;
}

// A line in the vendor's own form for errors, so that what came before it is still read.
const brokenLine = JSON.stringify({ error: 'The provider sent something that is not valid JSON.' });

/** Passes whole lines on, without blank ones; half a line at the end means that the rest is missing. */
async function* checkLines(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim() === '') continue;
      const isWhole = isJson(line);
      yield Buffer.from(`${isWhole ? line : brokenLine}\n`);
      if (!isWhole) return;
    }
  }
  if (isJson(rest)) yield Buffer.from(`${rest}\n`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
