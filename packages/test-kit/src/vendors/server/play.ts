import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Playback } from './plan-playback.ts';

export interface PlayOptions {
  /** Aborted when the connection is gone. */
  readonly signal: AbortSignal;
  readonly onChunk: () => void;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // Even without a pace every chunk is a write of its own, as it is from a vendor.
  if (ms <= 0) await setImmediate(undefined, { signal });
  else await setTimeout(ms, undefined, { signal });
}

async function writeSteps(
  response: ServerResponse,
  { steps }: Playback,
  { signal, onChunk }: PlayOptions,
): Promise<void> {
  for (const { bytes, pauseMs } of steps) {
    await pause(pauseMs, signal);
    if (!response.write(bytes)) await once(response, 'drain', { signal });
    onChunk();
  }
}

/**
 * Plays an answer to a client. Resolves when the answer is over or the client has left; with the
 * endings that never end it resolves when the client leaves or the server stops.
 */
export async function play(
  response: ServerResponse,
  playback: Playback,
  options: PlayOptions,
): Promise<void> {
  const { signal } = options;
  try {
    response.writeHead(playback.status, playback.headers);
    response.flushHeaders();
    await writeSteps(response, playback, options);
    if (playback.ending === 'destroy') response.socket?.resetAndDestroy();
    else if (playback.ending === 'end') response.end();
    else {
      if (playback.ending === 'freeze') response.socket?.pause();
      await once(signal, 'abort');
    }
  } catch (thrown) {
    // The client left in the middle of a pause: nothing to do but to stop.
    if (!signal.aborted) throw thrown;
  }
}
