import { longestWaitMs } from '../choose-next-step.ts';
import type { Rest } from '../keys/key-rests.ts';
import type { Timers, VendorFault } from '../vendor/vendor-port.ts';

/** What the end of a call says about the thing that is watched; `unknown` when it says nothing. */
export type Verdict = 'well' | 'unwell' | 'unknown';

export interface BreakerOptions extends Pick<Timers, 'now'> {
  /** Null stands for an answer that came to its end. */
  judge(fault: VendorFault | null): Verdict;
}

/** One call that was let through. */
export interface Admission {
  /** The first part is there: who waits for this call's verdict need not wait for its end. */
  answers(): void;
  /** How it ended. Whatever it was, the next call may find out once this is told. */
  ended(fault: VendorFault | null): void;
}

/** Watches a model or a host by its calls. */
export interface Breaker {
  /** Why it is left alone now, or null. */
  rest(): Rest | null;
  /** Lets a call through, or null: it rests, or another call finds out whether it is well again. */
  admit(): Admission | null;
  /** It was heard otherwise: whatever is held against it is over. */
  close(): void;
  /** True when nothing is known against it: it can be forgotten. */
  readonly isClear: boolean;
}

const failuresToOpen = 3;
const firstRestMs = 30_000;
const longestRestMs = 600_000;

/**
 * Opens after three failures in a row, or when the vendor itself says how long; afterwards one call at
 * a time finds out. Each that fails doubles the rest, one that says nothing leaves it to the next.
 */
export function makeBreaker({ now, judge }: BreakerOptions): Breaker {
  let failures = 0;
  let openings = 0;
  let rest: Rest | null = null;
  let isProbed = false;

  const close = () => {
    failures = 0;
    openings = 0;
    rest = null;
  };
  const open = (restMs: number, reason: string) => {
    const untilMs = now() + Math.min(restMs, longestRestMs);
    rest = { reason, sinceMs: rest?.sinceMs ?? now(), untilMs };
  };
  const fail = (fault: VendorFault, isProbe: boolean) => {
    // Calls that began before it opened are old news.
    if (rest !== null && !isProbe) return;
    failures += 1;
    const namedMs = fault.retryAfterMs ?? 0;
    if (failures >= failuresToOpen) {
      const growingMs = firstRestMs * 2 ** Math.min(openings, 10);
      openings += 1;
      const reason = `${failures} calls failed in a row, the last with: ${fault.message}`;
      open(Math.max(growingMs, namedMs), reason);
    } else if (namedMs > longestWaitMs) open(namedMs, fault.message);
  };
  const admission = (isProbe: boolean): Admission => {
    let isRunning = true;
    let isProbing = isProbe;
    const endProbe = () => {
      if (isProbing) isProbed = false;
      isProbing = false;
    };
    return {
      answers() {
        if (!isRunning || !isProbing) return;
        endProbe();
        // Let in again, but the next failure opens it at once, and for longer.
        rest = null;
        failures = failuresToOpen - 1;
      },
      ended(fault) {
        if (!isRunning) return;
        isRunning = false;
        const verdict = judge(fault);
        if (verdict === 'well') close();
        else if (verdict === 'unwell' && fault) fail(fault, isProbing);
        endProbe();
      },
    };
  };

  return {
    rest: () => (rest !== null && now() < rest.untilMs ? rest : null),
    admit() {
      if (rest === null) return admission(false);
      if (now() < rest.untilMs || isProbed) return null;
      isProbed = true;
      return admission(true);
    },
    close,
    get isClear() {
      return failures === 0 && rest === null;
    },
  };
}
