import type { WireAnswer, WireChunk } from './dialect.ts';

/** A unary JSON answer. */
export function jsonAnswer(
  body: unknown,
  options: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): WireAnswer {
  return {
    status: options.status ?? 200,
    headers: { 'content-type': 'application/json', ...options.headers },
    chunks: [{ part: 'content', text: JSON.stringify(body) }],
  };
}

/** A streamed answer of server-sent events. */
export function eventStream(
  chunks: readonly WireChunk[],
  headers: Readonly<Record<string, string>>,
): WireAnswer {
  return {
    status: 200,
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      ...headers,
    },
    chunks,
  };
}

/** An event without a name, as chat completions have them. */
export function dataEvent(part: WireChunk['part'], data: unknown): WireChunk {
  return { part, text: `data: ${JSON.stringify(data)}\n\n` };
}

/** An event named by the `type` of its data, as Anthropic and the Responses API have them. */
export function typedEvent<Data extends { readonly type: string }>(
  part: WireChunk['part'],
  data: Data,
): WireChunk {
  return { part, text: `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n` };
}

export const doneEvent: WireChunk = { part: 'finish', text: 'data: [DONE]\n\n' };
