import type { Logger } from 'pino';
import type { Bus } from '../bus/port.ts';

/** What a service must do before it is gone, in the one order that loses nothing. */
export interface ServiceEnds {
  onDrain(drain: () => Promise<void>): void;
  onStop(stop: () => Promise<void>): void;
  /** Stops taking work from outside, drains the bus, closes the rest. Never rejects; runs once. */
  stop(): Promise<void>;
}

/** Collects the ends of one service. A step that fails is logged, and the others still run. */
export function collectEnds(bus: Bus, log: Logger): ServiceEnds {
  const drains: (() => Promise<void>)[] = [];
  const stops: (() => Promise<void>)[] = [];
  const stopInOrder = async () => {
    const steps = [...drains, () => bus.drain(), ...stops.toReversed()];
    for (const step of steps) {
      await step().catch((error: unknown) =>
        log.error({ err: error }, 'a step of stopping failed'),
      );
    }
    log.info('stopped');
  };
  let stopping: Promise<void> | undefined;
  return {
    onDrain: (drain) => drains.push(drain),
    onStop: (stop) => stops.push(stop),
    stop() {
      stopping ??= stopInOrder();
      return stopping;
    },
  };
}
