import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Bus } from '../bus/port.ts';

/** Measurements of one service in Prometheus' text form. */
export interface ServiceMetrics {
  /** A registry of its own, because in the embedded stack several services share one process. */
  readonly registry: Registry;
  readonly contentType: string;
  text(): Promise<string>;
}

/** Makes the registry of one service. Figures of the process are collected from the first reading. */
export function createServiceMetrics(service: string, bus: Bus): ServiceMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  new Gauge({
    name: 'mosaic_bus_in_flight',
    help: 'Messages of the bus that are being handled now.',
    registers: [registry],
    collect() {
      this.set(bus.inFlight);
    },
  });
  new Gauge({
    name: 'mosaic_bus_connected',
    help: '1 while the service is connected to the bus.',
    registers: [registry],
    collect() {
      this.set(bus.isConnected ? 1 : 0);
    },
  });
  let collectsProcess = false;
  return {
    registry,
    contentType: registry.contentType,
    async text() {
      // They install observers of the event loop and the garbage collector: only for a reader.
      if (!collectsProcess) collectDefaultMetrics({ register: registry });
      collectsProcess = true;
      return registry.metrics();
    },
  };
}
