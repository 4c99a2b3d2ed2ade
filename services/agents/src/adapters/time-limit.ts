import { MosaicError } from '@mosaic/proto';
import type { TimeLimit } from '../app/ports.ts';

/** The longest time that a timer of Node takes. */
const longestMs = 2 ** 31 - 1;

/** Aborts with `deadline_exceeded` and the sentence after so long, not counting what is held. */
export function timeLimit(ms: number, sentence: string): TimeLimit {
  const controller = new AbortController();
  const error = new MosaicError('deadline_exceeded', sentence);
  let leftMs = Math.min(ms, longestMs);
  let holds = 0;
  let startedMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    startedMs = performance.now();
    timer = setTimeout(() => controller.abort(error), leftMs).unref();
  };
  const release = () => {
    holds -= 1;
    if (holds === 0) start();
  };
  start();
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      // Whoever lets go after this starts nothing any more.
      holds = Number.POSITIVE_INFINITY;
    },
    hold() {
      holds += 1;
      if (holds === 1) {
        clearTimeout(timer);
        leftMs = Math.max(0, leftMs - (performance.now() - startedMs));
      }
      return release;
    },
  };
}
