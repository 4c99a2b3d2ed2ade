import { MosaicError } from '@mosaic/proto';
import type { Leases } from '../lease.ts';
import type { Stoppable } from '../port.ts';
import type { Endpoint } from '../requests/serving.ts';
import type { StreamEndpoint } from '../requests/stream-server.ts';
import type { BusCore } from './bus-core.ts';

export interface Draining {
  readonly endpoints: readonly (Endpoint | StreamEndpoint)[];
  readonly stoppables: readonly Stoppable[];
  readonly leases: Pick<Leases, 'releaseAll'>;
  readonly graceMs: number;
}

/** After a hard stop: time for the last words of what was aborted. */
const lastWordsMs = 1_000;

/**
 * Ends the bus without losing anything: first no new work, then the end of the running work, then
 * the connection. The client's own drain closes while handlers still run; measured in rolling
 * restarts, that loses requests and this order loses none.
 */
export async function drainBus(core: BusCore, draining: Draining): Promise<void> {
  const deadline = Date.now() + draining.graceMs;
  const { connection, work, log } = core;
  if (connection.isClosed()) return;
  const accepting = draining.endpoints.map((one) => one.subscription.drain());
  const stopping = draining.stoppables.map((one) => one.stop());
  await within(Promise.allSettled(accepting), deadline - Date.now());
  if (!(await work.whenIdle(Math.max(0, deadline - Date.now())))) {
    log.warn({ inFlight: work.inFlight }, 'The time for a clean stop is over.');
    work.stopHard(new MosaicError('service_lost'));
    await work.whenIdle(lastWordsMs);
  }
  await within(Promise.allSettled(stopping), lastWordsMs);
  await within(draining.leases.releaseAll(), lastWordsMs);
  core.outbox.flush();
  if (core.watch.isConnected) await within(connection.flush(), lastWordsMs);
  await connection.close();
}

/** Waits for `promise`, but not for ever: the link may be down. */
async function within(promise: Promise<unknown>, timeoutMs: number): Promise<void> {
  const { promise: timeout, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, timeoutMs));
  await Promise.race([promise.catch(() => undefined), timeout]);
  clearTimeout(timer);
}
