import type { ModelRef, ProviderName, SkippedCandidate, UnseenRequest } from '@mosaic/proto';
import type { Deadlines } from '../attempt-completion.ts';
import type { Timers, Vendor, VendorCard, VendorFault } from '../vendor/vendor-port.ts';
import type { RetryBudget } from './retry-budget.ts';

/** Leave to make one request, and where to tell how it went. */
export interface CallPermit {
  /** Its first shown part is there. */
  answers(): void;
  /** How the request ended: null for an answer that came to its end. Only the first word counts. */
  ended(fault: VendorFault | null): void;
}

/** A candidate that may be asked now, with the key to ask with. */
export interface Usable {
  readonly vendor: Vendor;
  readonly card: VendorCard;
  readonly isSimulated: boolean;
  readonly keyId: string;
  readonly permit: CallPermit;
}

/** A candidate that may be asked, or why it may not; its `retryAfterMs` says when it may. */
export type Resolved = Usable | { readonly obstacle: VendorFault };

/** The same candidate, with something around its vendor's requests. */
export function wrapVendor(
  resolved: Resolved,
  wrap: (ask: Vendor['ask']) => Vendor['ask'],
): Resolved {
  if ('obstacle' in resolved) return resolved;
  const { vendor } = resolved;
  return { ...resolved, vendor: { ...vendor, ask: wrap((...of) => vendor.ask(...of)) } };
}

export interface RunPorts {
  /** `except` names keys that this call has tried in vain. Who gets a permit must tell it an end. */
  resolve(candidate: ModelRef, except: ReadonlySet<string>): Resolved;
  readonly budget: RetryBudget;
  deadlinesOf(provider: ProviderName): Deadlines;
  /** Longest time for everything together, in milliseconds. */
  readonly totalMs: number;
  readonly timers: Timers;
  /** Called as soon as a request has failed unseen and has to be paid for. */
  readonly onUnseen?: (request: UnseenRequest) => void;
}

/** What one run knows while it goes from candidate to candidate. */
export interface Run {
  readonly ports: RunPorts;
  readonly signal: AbortSignal;
  readonly startedAtMs: number;
  readonly skipped: SkippedCandidate[];
  readonly unseen: UnseenRequest[];
  /** The last failure at each vendor that was asked. */
  readonly lastFaults: Map<ProviderName, VendorFault>;
  retries: number;
  /** Input size that was too small, in tokens, plus one. */
  smallestContext: number;
}

/** Instant at which the run must be over, in milliseconds since the epoch. */
export function endOf({ startedAtMs, ports }: Run): number {
  return startedAtMs + ports.totalMs;
}

/** Waits; false when the caller went away, or when there is no time for it (then at once). */
export function pause(delayMs: number, run: Run): Promise<boolean> {
  const { signal, ports } = run;
  if (ports.timers.now() + delayMs >= endOf(run)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const done = () => {
      stop();
      signal.removeEventListener('abort', done);
      resolve(!signal.aborted);
    };
    const stop = ports.timers.after(delayMs, done);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
