import { setTimeout as delay } from 'node:timers/promises';
import type { ServerHandle } from '@mosaic/embedded-servers';

const firstPauseMs = 200;
const longestPauseMs = 10_000;

/** A server that is started again, at the same address, when it ends by itself. */
export interface KeptServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server with `start` (no port: a free one) and keeps it running until `stop()`. */
export async function keepServerRunning(
  start: (port: number | undefined) => Promise<ServerHandle>,
  onTrouble: (sentence: string) => void,
): Promise<KeptServer> {
  let current = await start(undefined);
  const { url } = current;
  const port = Number(new URL(url).port);
  const stopping = new AbortController();
  const startAgain = async () => {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      await delay(pauseMs, undefined, { signal: stopping.signal });
      try {
        return await start(port);
      } catch (thrown) {
        onTrouble(thrown instanceof Error ? thrown.message : String(thrown));
      }
    }
  };
  const watch = async () => {
    while (!stopping.signal.aborted) {
      const { code, signal } = await current.exited;
      if (stopping.signal.aborted) return;
      onTrouble(`The server at ${new URL(url).host} ended (${signal ?? code}); starting it again.`);
      current = await startAgain();
    }
  };
  const watching = watch().catch(() => {
    // `stop()` ended the pause; nothing was started after it.
  });
  return {
    url,
    async stop() {
      stopping.abort();
      await current.stop();
      await watching;
      await current.stop();
    },
  };
}
