import { type KeyTestOutcome, MosaicError } from '@mosaic/proto';
import type { VendorFault } from '../vendor/vendor-port.ts';
import { nameOfKey } from './describe-key.ts';

/** How the test of one key went. */
export interface KeyTest {
  readonly secret: string;
  /** Null: the vendor took the key. Its words hold no key any more. */
  readonly fault: VendorFault | null;
}

/** What a vendor's answer says about the key. A busy vendor or a broken line says nothing about it. */
export function outcomeOf(fault: VendorFault | null): KeyTestOutcome {
  if (fault === null) return 'works';
  if (fault.code === 'provider_auth') return 'refused';
  if (fault.code === 'provider_forbidden') return 'limited';
  return fault.code === 'provider_quota' ? 'no-quota' : 'unclear';
}

/** Throws why keys with these tests are not kept; one without balance or rights is one all the same. */
export function assertWorthKeeping(tests: readonly KeyTest[]): void {
  for (const { fault, secret } of tests) {
    const outcome = outcomeOf(fault);
    if (fault === null || outcome === 'no-quota' || outcome === 'limited') continue;
    const words =
      outcome === 'refused'
        ? `was refused by the vendor and is not kept: ${fault.message}`
        : `could not be tested and is not kept: ${fault.message} (Save it with "skipTest", or ?force=1, to keep it untested.)`;
    throw new MosaicError(fault.code, `${nameOfKey(secret)} ${words}`);
  }
}
