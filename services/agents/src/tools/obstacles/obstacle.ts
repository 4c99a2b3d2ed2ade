import type { Clock } from '@mosaic/service-kit';
import type { FindObstacle, Obstacle, Tool } from '../tool.ts';

/** The same tools, all held up by the same thing. */
export function hinderedBy(findObstacle: FindObstacle, tools: readonly Tool[]): Tool[] {
  return tools.map((tool) => ({ ...tool, findObstacle }));
}

/** However often people ask, the machine is looked at once in this time. */
const freshMs = 15_000;

/** A look at the machine that costs something, remembered for a while. */
export function lookAtTimes(clock: Clock, look: () => Promise<Obstacle | null>): FindObstacle {
  let last: { readonly atMs: number; readonly found: Promise<Obstacle | null> } | undefined;
  return async () => {
    if (last === undefined || clock.now() - last.atMs >= freshMs) {
      last = { atMs: clock.now(), found: look() };
    }
    return await last.found;
  };
}
