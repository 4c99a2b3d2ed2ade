import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { play } from '../src/vendors/server/play.ts';

test('a write that fails before the close is told is a client that left', async () => {
  const gone = new AbortController();
  const seen = { writes: 0, chunks: 0 };
  const response = {
    destroyed: false,
    writeHead: () => undefined,
    flushHeaders: () => undefined,
    write(_bytes: Buffer, told: (error?: Error) => void) {
      seen.writes += 1;
      told(new Error('write EPIPE'));
      setImmediate(() => gone.abort());
    },
  } as unknown as ServerResponse;
  const step = { bytes: Buffer.from('word'), pauseMs: 0 };
  const steps = [step, step];
  const playback = { status: 200, headers: {}, steps, heldAt: undefined, ending: 'end' as const };
  const options = {
    signal: gone.signal,
    goesOn: Promise.resolve(),
    onChunk: () => {
      seen.chunks += 1;
    },
  };
  await play(response, playback, options);
  assert.deepEqual(seen, { writes: 1, chunks: 0 });
});
