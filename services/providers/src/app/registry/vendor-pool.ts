import { withoutSecrets } from '../credentials/describe-key.ts';
import type { VendorKey } from '../vendor/vendor-key.ts';
import type { Vendor, VendorFault } from '../vendor/vendor-port.ts';
import type { ConfiguredVendor } from './configured-vendor.ts';

/** Clients kept; the least recently used goes first, and its running calls come to their end. */
const mostVendors = 200;

export interface VendorPool {
  /** The vendor that asks with this key. */
  vendorOf(configured: ConfiguredVendor, key: VendorKey): Vendor;
}

/** Makes a vendor per key and keeps it, with its connections. */
export function makeVendorPool(limit = mostVendors): VendorPool {
  const made = new Map<string, Vendor>();
  return {
    vendorOf(configured, key) {
      const baseUrl = key.baseUrl ?? configured.baseUrl;
      const name = `${configured.name} ${key.id} ${baseUrl}`;
      const vendor =
        made.get(name) ?? keepSecret(configured.make({ apiKey: key.secret, baseUrl }), key.secret);
      made.delete(name);
      made.set(name, vendor);
      const [oldest] = made.keys();
      if (made.size > limit && oldest !== undefined) made.delete(oldest);
      return vendor;
    },
  };
}

/** Some vendors and proxies repeat the key in their errors: nobody else may read it there. */
function keepSecret(vendor: Vendor, secret: string): Vendor {
  if (secret === '') return vendor;
  const conceal = (fault: VendorFault): VendorFault => ({
    ...fault,
    message: withoutSecrets(fault.message, [secret]),
  });
  return {
    ...vendor,
    toFault: (thrown) => conceal(vendor.toFault(thrown)),
    async *ask(request, signal) {
      for await (const part of vendor.ask(request, signal)) {
        yield part.type === 'failed' ? { ...part, fault: conceal(part.fault) } : part;
      }
    },
  };
}
