import { realTimers } from '../../src/adapters/real-timers.ts';
import type { Timers } from '../../src/app/vendor/vendor-port.ts';
import { type Run, runVendor } from '../run-vendor.ts';
import type { VendorCase } from '../vendor-cases.ts';

/** What a connection brings, read by read. */
export interface Delivery {
  readonly chunks: readonly Uint8Array[];
  /** How the connection ends; politely when absent. */
  readonly then?: 'end' | 'cut';
}

/** Waits between two tries pass at once; deadlines, which are long here, are real. */
const hastyTimers: Timers = {
  ...realTimers,
  random: () => 0,
  after(delayMs, run) {
    if (delayMs > 2_000) return realTimers.after(delayMs, run);
    const timer = setImmediate(run);
    return () => clearImmediate(timer);
  },
};

/** Asks a vendor's adapter whose `fetch` answers with these bytes: thousands of times without a socket. */
export function replayBytes(vendorCase: VendorCase, { chunks, then }: Delivery): Promise<Run> {
  const fetch = async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        if (then !== 'cut') controller.close();
      },
      // Asked for more than there is: only now does the connection break.
      pull: (controller) => controller.error(new TypeError('terminated')),
    });
    return new Response(body, { headers: { 'content-type': vendorCase.contentType } });
  };
  const vendor = vendorCase.make('http://127.0.0.1:9', fetch);
  const longMs = 60_000;
  const deadlines = { firstPartMs: longMs, idleMs: longMs, settleMs: longMs, totalMs: longMs };
  return runVendor(vendor, [vendorCase.models[0]], { ...deadlines, timers: hastyTimers });
}
