import { cutFault, makeFault } from './vendor-fault.ts';
import type { Stop, VendorPart } from './vendor-port.ts';

/** What became of the calls that an answer began. */
export interface BegunCalls {
  /** How many were handed over. */
  readonly complete: number;
  /** Names of those that never became whole. */
  readonly broken: readonly string[];
}

/** Stops that are no success by themselves: the answer may end in the middle of anything. */
const breaksOff: ReadonlySet<Stop['unified']> = new Set([
  'length',
  'content-filter',
  'refusal',
  'context-exceeded',
  'other',
]);

/** The stop that counts when a vendor names a second one: success never covers up what went before. */
export function laterStop(before: Stop | undefined, next: Stop): Stop {
  return before && breaksOff.has(before.unified) ? before : next;
}

/**
 * The last part of a stream. Without a stop it was cut. A call that was begun and is not whole fails
 * the answer, unless the vendor says that it broke off: then the call is dropped and that is told.
 */
export function closeAnswer(stop: Stop | undefined, calls: BegunCalls): readonly VendorPart[] {
  if (!stop) return [{ type: 'failed', fault: cutFault }];
  const [name] = calls.broken;
  if (name !== undefined && !breaksOff.has(stop.unified)) {
    return [failed(`The model called ${name} with arguments that are not a JSON object.`)];
  }
  if (name !== undefined) {
    const message = `The call of ${name} was cut off, so it is not carried out.`;
    return [
      { type: 'warning', message },
      { type: 'finished', stop },
    ];
  }
  if (stop.unified === 'tool-calls' && calls.complete === 0) {
    return [failed('The model stopped to call a tool, but the call never came.')];
  }
  // Some hosts say "stop" although they asked for tools.
  const hasCalled = stop.unified === 'stop' && calls.complete > 0;
  return [{ type: 'finished', stop: hasCalled ? { ...stop, unified: 'tool-calls' } : stop }];
}

function failed(message: string): VendorPart {
  return { type: 'failed', fault: makeFault('provider_failed', message) };
}
