import type { ProviderName } from '@mosaic/proto';
import type { Endpoint } from '../vendor/vendor-endpoint.ts';
import type { VendorKey } from '../vendor/vendor-key.ts';
import type { Vendor } from '../vendor/vendor-port.ts';

/** A vendor as this installation is set up for it. */
export interface ConfiguredVendor {
  readonly name: ProviderName;
  /** The installation's, in the order of the setting; users may have keys of their own. */
  readonly keys: readonly VendorKey[];
  readonly baseUrl: string;
  /** Why it can't be asked without a user's own key, with what to do about it; null when it can. */
  readonly absence: string | null;
  readonly isSimulated: boolean;
  /** Makes the vendor for one key. */
  make(endpoint: Endpoint): Vendor;
}
