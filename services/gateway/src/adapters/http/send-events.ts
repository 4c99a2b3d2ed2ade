import type { Response } from 'express';
import type { Shown } from '../conversations/follow-conversation.ts';

const tickMs = 15_000;
/** A reader this far behind is let go; its client comes back with the last id it saw. */
const maxWaitingBytes = 4 * 1024 * 1024;

/**
 * Answers with server-sent events until the client leaves: an event of the log as a message with its
 * number as id, deltas as `delta` without one, ticks as comments.
 */
export async function sendEvents(
  response: Response,
  follow: (show: (shown: Shown) => void, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  const ticking = setInterval(() => response.write(': tick\n\n'), tickMs);
  const show = (shown: Shown) => {
    if (response.writableLength > maxWaitingBytes) response.destroy();
    else response.write(eventText(shown));
  };
  try {
    await follow(show, gone.signal);
  } finally {
    clearInterval(ticking);
    response.end();
  }
}

function eventText(shown: Shown): string {
  switch (shown.type) {
    case 'event':
      return `id: ${shown.event.seq}\ndata: ${JSON.stringify(shown.event)}\n\n`;
    case 'delta':
      return `event: delta\ndata: ${JSON.stringify(shown.delta)}\n\n`;
    case 'live':
      return `event: live\ndata: ${JSON.stringify({ head: shown.head })}\n\n`;
    default:
      return shown satisfies never;
  }
}
