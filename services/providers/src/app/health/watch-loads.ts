import type { Timers } from '../vendor/vendor-port.ts';

/** A model that is asked and has said nothing yet. `sinceMs`: milliseconds since the epoch. */
export interface Load {
  readonly model: string;
  readonly sinceMs: number;
}

export interface LoadWatch {
  /** A request begins; call what comes back as soon as it shows something or is over. */
  begin(model: string): () => void;
  loading(): readonly Load[];
}

/**
 * A model in memory answers sooner on a machine that can run it at all; one that has to be read from a
 * disk takes seconds to minutes.
 */
const longestWithoutLoadMs = 1_500;

/** Notices which local models are being loaded; `onChange` when one begins or is there. */
export function watchLoads(timers: Pick<Timers, 'after' | 'now'>, onChange: () => void): LoadWatch {
  /** The requests that wait for each model, by the instant at which they began. */
  const waiting = new Map<string, Set<Load>>();
  const remove = (load: Load) => {
    const loads = waiting.get(load.model);
    if (!loads?.delete(load)) return;
    if (loads.size === 0) waiting.delete(load.model);
    onChange();
  };
  return {
    begin(model) {
      const load: Load = { model, sinceMs: timers.now() };
      const callOff = timers.after(longestWithoutLoadMs, () => {
        waiting.set(model, (waiting.get(model) ?? new Set()).add(load));
        onChange();
      });
      return () => {
        callOff();
        remove(load);
      };
    },
    loading: () =>
      [...waiting].map(([model, loads]) => ({
        model,
        sinceMs: Math.min(...[...loads].map(({ sinceMs }) => sinceMs)),
      })),
  };
}
