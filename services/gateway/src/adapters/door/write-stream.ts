import { once } from 'node:events';
import type { Response } from 'express';

/** Begins a stream of server-sent events with these headers. */
export function beginStream(response: Response, headers: Readonly<Record<string, string>>): void {
  response.status(200).set({
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
}

/** Writes, and waits while the client does not keep up. Resolves also when it has left. */
export async function write(response: Response, text: string): Promise<void> {
  if (response.destroyed || response.write(text)) return;
  const left = new AbortController();
  const { signal } = left;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })])
    .catch(() => undefined)
    .finally(() => left.abort());
}

/** Aborts when the client leaves before the answer is complete. */
export function whenGone(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}
