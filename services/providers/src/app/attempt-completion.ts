import { MosaicError } from '@mosaic/proto';
import { cutFault, makeFault } from './vendor/vendor-fault.ts';
import type {
  Timers,
  Vendor,
  VendorFault,
  VendorPart,
  VendorRequest,
} from './vendor/vendor-port.ts';

/** Longest waits, in milliseconds. */
export interface Deadlines {
  /** From the request to the first part that shows something. */
  readonly firstPartMs: number;
  /** Between two signs of life afterwards. */
  readonly idleMs: number;
  /** For what may follow the finish; some hosts never close the connection. */
  readonly settleMs: number;
}

export interface AttemptOptions {
  readonly signal: AbortSignal;
  readonly deadlines: Deadlines;
  /** Instant (milliseconds since the epoch) at which the whole run must have ended. */
  readonly endsAtMs: number;
  readonly timers: Timers;
}

/** True for a part that a reader would see; the rest waits for the first of these. */
export function isShown(part: VendorPart): boolean {
  if (part.type === 'text') return part.text !== '';
  if (part.type === 'reasoning') return part.text !== '';
  return ['tool-call-start', 'tool-call-delta', 'tool-call'].includes(part.type);
}

/**
 * One call of one vendor under deadlines. Yields the vendor's parts and then exactly one `finished`
 * or `failed`; never throws. Cancelling or running out of time closes the vendor's socket at once.
 */
export async function* attemptCompletion(
  vendor: Vendor,
  request: VendorRequest,
  options: AttemptOptions,
): AsyncGenerator<VendorPart> {
  const watch = startWatch(options);
  const parts = vendor.ask(request, watch.signal)[Symbol.asyncIterator]();
  try {
    while (true) {
      const step = await watch.next(parts);
      if (watch.fault) return yield { type: 'failed', fault: watch.fault };
      if (step.done) return yield { type: 'failed', fault: cutFault };
      yield step.value;
      if (step.value.type === 'finished' || step.value.type === 'failed') return;
    }
  } catch (thrown) {
    yield { type: 'failed', fault: watch.fault ?? explain(vendor, thrown) };
  } finally {
    watch.stop();
    await parts.return?.().catch(() => undefined);
  }
}

/** Whatever a vendor sent, explaining it must not throw either. */
function explain(vendor: Vendor, thrown: unknown): VendorFault {
  try {
    return vendor.toFault(thrown);
  } catch {
    return makeFault('provider_failed', 'The provider failed in a way that nobody can read.');
  }
}

/** The fault for a caller that went away: its deadline, or a cancel. */
export function faultOfAbort(signal: AbortSignal): VendorFault {
  const reason: unknown = signal.reason;
  if (reason instanceof MosaicError) return makeFault(reason.code, reason.message);
  if (reason instanceof Error && reason.name === 'TimeoutError') {
    return makeFault('deadline_exceeded', 'The answer took longer than the caller allowed.');
  }
  return makeFault('cancelled', 'The request was cancelled.');
}

/** Made once: without a reason each abort makes one of its own, with its stack. */
const over = new DOMException('The attempt is over.', 'AbortError');

/** Ends the call when its time is up or its caller goes away, and remembers why. */
function startWatch({ signal, deadlines, endsAtMs, timers }: AttemptOptions) {
  const abort = new AbortController();
  const firstPartBy = timers.now() + deadlines.firstPartMs;
  let fault: VendorFault | undefined;
  let hasShown = false;
  let isStopping = false;
  const give = (reason: VendorFault) => {
    fault ??= reason;
    abort.abort();
  };
  const onCancel = () => give(faultOfAbort(signal));
  signal.addEventListener('abort', onCancel, { once: true });
  if (signal.aborted) onCancel();

  const timeout = (): { afterMs: number; reason: VendorFault | null } => {
    // Everything is here: closing the socket lets the translation come to its end.
    if (isStopping) return { afterMs: deadlines.settleMs, reason: null };
    const untilEnd = endsAtMs - timers.now();
    const untilSilent = hasShown ? deadlines.idleMs : firstPartBy - timers.now();
    if (untilEnd <= untilSilent) {
      const message = 'The answer took longer than allowed.';
      return { afterMs: untilEnd, reason: makeFault('deadline_exceeded', message) };
    }
    const message = hasShown
      ? `The provider was silent for ${deadlines.idleMs / 1_000} s.`
      : `The provider showed nothing for ${deadlines.firstPartMs / 1_000} s.`;
    return { afterMs: untilSilent, reason: makeFault('provider_timeout', message) };
  };

  return {
    signal: abort.signal,
    get fault() {
      return fault;
    },
    /** Waits for the next part; the clock runs only here, not while the reader is busy. */
    async next(parts: AsyncIterator<VendorPart>): Promise<IteratorResult<VendorPart>> {
      const { afterMs, reason } = timeout();
      const disarm = timers.after(Math.max(0, afterMs), () =>
        reason ? give(reason) : abort.abort(),
      );
      try {
        const step = await parts.next();
        if (!step.done && isShown(step.value)) hasShown = true;
        if (!step.done && step.value.type === 'stopping') isStopping = true;
        return step;
      } finally {
        disarm();
      }
    },
    stop() {
      signal.removeEventListener('abort', onCancel);
      abort.abort(over);
    },
  };
}
