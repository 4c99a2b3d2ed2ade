import { callEnded, type Latency, type ModelRef } from '@mosaic/proto';
import type { Bus, Stoppable } from '@mosaic/service-kit';
import { keepLatencies } from '../app/choice/model-latency.ts';

export interface LatencyWatch extends Stoppable {
  /** How long a model's last answered calls took; null while none was heard of. */
  of(ref: ModelRef): Latency | null;
}

/** Hears every call of everybody as it ends, and keeps nothing of it but how long it took. */
export function watchLatencies(bus: Bus): LatencyWatch {
  const kept = keepLatencies();
  const listening = bus.subscribe(callEnded, (call) => {
    if (call.outcome === 'answered' && call.purpose !== 'probe') kept.note(call, call.timings);
  });
  return { of: kept.of, stop: () => listening.stop() };
}
