import { listPreferences, MosaicError } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import type { FindObstacle } from '../tool.ts';

const patienceMs = 2_000;

/** Whether memory and its database answer: the smallest question of the caller's own is asked. */
export function memoryObstacle(bus: Bus): FindObstacle {
  return async ({ caller, trace }) => {
    try {
      await bus.call(listPreferences, {}, { caller, trace, timeoutMs: patienceMs });
      return null;
    } catch (thrown) {
      if (!(thrown instanceof MosaicError)) throw thrown;
      return {
        reason: 'Memory does not answer now.',
        advice: 'Try it later; the operator sees with "mosaic status" what is away.',
      };
    }
  };
}
