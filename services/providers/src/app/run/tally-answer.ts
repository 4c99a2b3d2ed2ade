import type { CompletionPart, ErrorCode, ModelRef, UnseenRequest, Usage } from '@mosaic/proto';
import { errorCatalogue } from '@mosaic/proto';
import { costOf } from '../cards/cost-of.ts';
import { estimateUsage, usageOfPartial } from '../count-usage.ts';
import type { VendorFault, VendorPart, VendorRequest } from '../vendor/vendor-port.ts';
import type { Run, Usable } from './run-ports.ts';

type Answering = Extract<VendorPart, { type: 'answering' }>;

/** A candidate that is being asked. */
export interface Chosen {
  readonly candidate: ModelRef;
  readonly resolved: Usable;
  readonly run: Run;
}

/** The vendor did not end these: it may have gone on, and charges for what it made. */
const wasCutOff: ReadonlySet<ErrorCode> = new Set([
  'provider_cut',
  'provider_timeout',
  'deadline_exceeded',
  'cancelled',
]);

/** Keeps what the first and the last part of an answer need: model, usage, cost, times. */
export function startTally({ candidate, resolved, run }: Chosen, request: VendorRequest) {
  const { now } = run.ports.timers;
  let answering: Omit<Answering, 'type'> = { model: candidate.model };
  let reported: Usage | null = null;
  let vendorUsd: number | null = null;
  let firstTokenMs: number | null = null;
  let wasHeard = false;
  const shown = { output: 0, reasoning: 0 };

  const bill = (usage: Usage) => {
    const { provider } = candidate;
    return { usage, cost: costOf({ provider, usage, vendorUsd, card: resolved.card }) };
  };
  const timings = () => ({ firstTokenMs, totalMs: now() - run.startedAtMs });

  return {
    get hasStarted() {
      return firstTokenMs !== null;
    },
    note(part: VendorPart) {
      wasHeard ||= part.type !== 'failed' && part.type !== 'warning';
      if (part.type === 'answering') answering = part;
      else if (part.type === 'usage') ({ usage: reported, costUsd: vendorUsd } = part);
      else if (part.type === 'text') shown.output += part.text.length;
      else if (part.type === 'reasoning') shown.reasoning += part.text.length;
      else if (part.type === 'tool-call') shown.output += JSON.stringify(part.call).length;
    },
    startPart(): CompletionPart {
      firstTokenMs = now() - run.startedAtMs;
      const { isSimulated } = resolved;
      const skipped = [...run.skipped];
      const { provider } = candidate;
      return { ...answering, type: 'start', provider, skipped, isSimulated };
    },
    /**
     * A request that failed before anything was shown, when it has to be paid for: the vendor named what
     * it used, or had begun and was cut off. Null when nothing says so: a refusal costs nothing.
     */
    unseen({ code }: VendorFault): UnseenRequest | null {
      if (!reported && !(wasHeard && wasCutOff.has(code))) return null;
      const usage = reported ? usageOfPartial(reported, shown) : estimateUsage(request, shown);
      const { isSimulated } = resolved;
      const { provider } = candidate;
      const model = answering.model.slice(0, 200) || candidate.model;
      return { provider, model, errorCode: code, ...bill(usage), isSimulated };
    },
    endPart(stop: Extract<VendorPart, { type: 'finished' }>['stop']): CompletionPart {
      const billed = bill(reported ?? estimateUsage(request, shown));
      return { type: 'end', stop, ...billed, ...unseenOf(run), timings: timings() };
    },
    errorPart(fault: VendorFault): CompletionPart {
      const billed = bill(
        reported ? usageOfPartial(reported, shown) : estimateUsage(request, shown),
      );
      const skipped = [...run.skipped];
      const failure = toFailurePart(fault);
      const phase = 'after-first-part';
      const rest = { ...billed, ...unseenOf(run), timings: timings() };
      return { type: 'error', failure, phase, skipped, ...rest };
    },
  };
}

export function toFailurePart(fault: VendorFault) {
  const { isRetryable } = errorCatalogue[fault.code];
  return { code: fault.code, message: fault.message, isRetryable };
}

/** As a last part has it. */
export function unseenOf({ unseen }: Pick<Run, 'unseen'>) {
  return unseen.length > 0 ? { unseen: [...unseen] } : {};
}
