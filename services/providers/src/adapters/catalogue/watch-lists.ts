import type { ProviderName } from '@mosaic/proto';
import type { ListedModel, Vendor } from '../../app/vendor/vendor-port.ts';

/** How the last look at a vendor's list went. */
export type LastLook =
  | { readonly listed: readonly ListedModel[] }
  | { readonly why: string; readonly listed?: never };

/** Remembers what the vendors' lists said last, whoever asked for them. */
export function watchLists() {
  const looks = new Map<ProviderName, LastLook>();
  return {
    lastLook: (name: ProviderName): LastLook =>
      looks.get(name) ?? { why: 'Its list was not read yet.' },
    /** The same vendor; its lists are remembered as they come. */
    watch: (vendor: Vendor): Vendor => ({
      ...vendor,
      async listModels(signal) {
        try {
          const listed = await vendor.listModels(signal);
          looks.set(vendor.name, { listed });
          return listed;
        } catch (thrown) {
          looks.set(vendor.name, { why: vendor.toFault(thrown).message });
          throw thrown;
        }
      },
    }),
  };
}
