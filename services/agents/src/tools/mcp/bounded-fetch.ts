/** As much as the SDK takes of a started server in one piece. */
const maxBytes = 10 * 1024 * 1024;
const lineFeed = 10;

/**
 * `fetch` whose answers end with an error when they are too large: a JSON answer as a whole, a stream of
 * events when a single line is. Both are gathered in memory before anybody looks at them.
 */
export async function boundedFetch(input: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (response.body === null) return response;
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const body = response.body.pipeThrough(limit(isStream));
  return new Response(body, response);
}

function limit(countsLines: boolean): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      const lineEnd = countsLines ? chunk.lastIndexOf(lineFeed) : -1;
      bytes = lineEnd === -1 ? bytes + chunk.length : chunk.length - lineEnd - 1;
      if (bytes > maxBytes)
        controller.error(new Error(`its answer has more than ${maxBytes} bytes`));
      else controller.enqueue(chunk);
    },
  });
}
