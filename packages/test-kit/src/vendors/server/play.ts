import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Playback, PlaybackEnding } from './plan-playback.ts';

const READING_TIME_MS = 30;

export interface PlayOptions {
  /** Aborted when the connection is gone. */
  readonly signal: AbortSignal;
  /** Lets an answer go on that is held in its middle. */
  readonly goesOn: Promise<void>;
  readonly onChunk: () => void;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // Even without a pace every chunk is a write of its own, as it is from a vendor.
  if (ms <= 0) await setImmediate(undefined, { signal });
  else await setTimeout(ms, undefined, { signal });
}

/**
 * Resolves when the bytes have left this process: what is destroyed later can't take them back. A write
 * under which the client left fails, or is never called back: in both cases the signal ends the wait,
 * since a failed write can be told before the close that it brings.
 */
function writeThrough(response: ServerResponse, bytes: Buffer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    response.write(bytes, (error) => {
      if (error) return;
      signal.removeEventListener('abort', leave);
      resolve();
    });
    if (signal.aborted) leave();
  });
}

async function waitToGoOn({ goesOn, signal }: PlayOptions): Promise<void> {
  signal.throwIfAborted();
  await Promise.race([goesOn, once(signal, 'abort')]);
  signal.throwIfAborted();
}

async function writeSteps(
  response: ServerResponse,
  { heldAt, steps }: Playback,
  options: PlayOptions,
): Promise<void> {
  const { signal, onChunk } = options;
  for (const [index, { bytes, pauseMs }] of steps.entries()) {
    if (index === heldAt) await waitToGoOn(options);
    await pause(pauseMs, signal);
    await writeThrough(response, bytes, signal);
    onChunk();
  }
  if (heldAt === steps.length) await waitToGoOn(options);
}

async function finish(
  response: ServerResponse,
  ending: PlaybackEnding,
  signal: AbortSignal,
): Promise<void> {
  switch (ending) {
    case 'end':
      response.end();
      return;
    case 'destroy':
      response.socket?.destroy();
      return;
    case 'reset':
      // A reset throws away what the client has not read yet: give it the time to read.
      await setTimeout(READING_TIME_MS, undefined, { signal });
      response.socket?.resetAndDestroy();
      return;
    case 'freeze':
      response.socket?.pause();
      await once(signal, 'abort');
      return;
    case 'silence':
      await once(signal, 'abort');
      return;
    default:
      ending satisfies never;
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
    await finish(response, playback.ending, signal);
  } catch (thrown) {
    // The client left in the middle of a pause or a write: nothing to do but to stop.
    if (!signal.aborted && !response.destroyed) throw thrown;
  }
}
