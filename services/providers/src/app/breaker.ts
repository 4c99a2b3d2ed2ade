import type { ErrorCode } from '@mosaic/proto';
import type { VendorFault } from './vendor/vendor-port.ts';

/** Faults that say something about the vendor and not about the one request. */
const counts: ReadonlySet<ErrorCode> = new Set([
  'provider_auth',
  'provider_unreachable',
  'provider_overloaded',
]);

const failuresToOpen = 3;
const openForMs = 30_000;

/** What a vendor's last calls say about it. */
export interface Breaker {
  /** Takes note of a call: null for one that worked. */
  record(fault: VendorFault | null): void;
  /** Why the vendor should be left alone now, or null. After 30 s one call may try again. */
  openReason(): string | null;
}

/** Opens for 30 s after three such failures in a row; the first failure after that opens it again. */
export function makeBreaker(now: () => number): Breaker {
  let failures = 0;
  let openUntilMs = 0;
  let reason = '';
  return {
    record(fault) {
      if (fault === null) {
        failures = 0;
        openUntilMs = 0;
        return;
      }
      if (!counts.has(fault.code)) return;
      failures += 1;
      if (failures < failuresToOpen) return;
      openUntilMs = now() + openForMs;
      reason = `${failures} calls failed in a row, the last with: ${fault.message}`;
    },
    openReason: () => (now() < openUntilMs ? reason : null),
  };
}
