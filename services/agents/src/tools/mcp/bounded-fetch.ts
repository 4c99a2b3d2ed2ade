/** As much as the SDK takes of a started server in one piece. */
const maxBytes = 10 * 1024 * 1024;
const lineFeed = 10;

/**
 * A `fetch` whose answers end with an error when they are too large: a JSON answer as a whole, a stream of
 * events when a single line is. Both are gathered in memory before anybody looks at them. The SDK would
 * wait on for the answer of a stream that broke: `onTooLarge` is to end the connection.
 */
export function boundedFetch(onTooLarge: () => void) {
  return async (input: string | URL, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, init);
    if (response.body === null) return response;
    const type = response.headers.get('content-type') ?? '';
    const body = response.body.pipeThrough(limit(type.startsWith('text/event-stream'), onTooLarge));
    return new Response(body, response);
  };
}

function limit(
  countsLines: boolean,
  onTooLarge: () => void,
): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      const lineEnd = countsLines ? chunk.lastIndexOf(lineFeed) : -1;
      bytes = lineEnd === -1 ? bytes + chunk.length : chunk.length - lineEnd - 1;
      if (bytes <= maxBytes) return controller.enqueue(chunk);
      controller.error(new Error(`an answer of more than ${maxBytes} bytes`));
      onTooLarge();
    },
  });
}
