import type { ErrorCode } from '@mosaic/proto';
import type { VendorFault } from './vendor/vendor-port.ts';

/** Faults that say something about the vendor and not about the one request. */
const counts: ReadonlySet<ErrorCode> = new Set([
  'provider_auth',
  'provider_unreachable',
  'provider_overloaded',
]);

/** Faults of the request: whoever finds them is there and knows us. */
const showsLife: ReadonlySet<ErrorCode> = new Set([
  'provider_refused',
  'provider_content_filter',
  'context_too_long',
]);

const failuresToOpen = 3;
const openForMs = 30_000;

/** What a vendor's last calls say about it. */
export interface Breaker {
  /** Takes note of a call: null for one that worked. */
  record(fault: VendorFault | null): void;
  /** Why the vendor should be left alone now, or null. */
  openReason(): string | null;
  /** As `openReason`, for who is about to call: when the time is over, lets one call try. */
  admit(): string | null;
}

/** Opens for 30 s after three such failures in a row, then lets one call find out. */
export function makeBreaker(now: () => number): Breaker {
  let failures = 0;
  let openUntilMs = 0;
  let reason = '';
  const open = () => {
    openUntilMs = now() + openForMs;
  };
  const openReason = () => (now() < openUntilMs ? reason : null);
  return {
    record(fault) {
      if (fault === null || showsLife.has(fault.code)) {
        failures = 0;
        openUntilMs = 0;
        return;
      }
      if (!counts.has(fault.code)) return;
      failures += 1;
      reason = `${failures} calls failed in a row, the last with: ${fault.message}`;
      if (failures >= failuresToOpen) open();
    },
    openReason,
    admit() {
      const why = openReason();
      // Closed again for everybody else until this call has told how it went.
      if (why === null && failures >= failuresToOpen) open();
      return why;
    },
  };
}
