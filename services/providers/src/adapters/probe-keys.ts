import type { Probe } from '../app/registry/vendor-entry.ts';
import { makeFault } from '../app/vendor/vendor-fault.ts';
import type { VendorKey } from '../app/vendor/vendor-key.ts';
import type { Vendor } from '../app/vendor/vendor-port.ts';

/** A list that takes longer than this counts as no answer. */
const listTimeoutMs = 10_000;

/** Asks for the list with each key, side by side; never rejects. */
export function probeKeys(
  keys: readonly VendorKey[],
  vendorOf: (key: VendorKey) => Vendor,
): Promise<Probe[]> {
  return Promise.all(
    keys.map(async (key): Promise<Probe> => {
      const vendor = vendorOf(key);
      const signal = AbortSignal.timeout(listTimeoutMs);
      try {
        return { key, listed: await vendor.listModels(signal) };
      } catch (thrown) {
        const fault = signal.aborted
          ? makeFault('provider_timeout', `No list of models within ${listTimeoutMs / 1_000} s.`)
          : vendor.toFault(thrown);
        return { key, fault };
      }
    }),
  );
}
