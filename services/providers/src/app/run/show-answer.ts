import type { CompletionPart, UnseenRequest } from '@mosaic/proto';
import { type AttemptOptions, attemptCompletion, isShown } from '../attempt-completion.ts';
import { buildRequest } from '../build-request.ts';
import { makeFault, notAskedFault } from '../vendor/vendor-fault.ts';
import type {
  CompletionRequest,
  ContentPart,
  VendorFault,
  VendorPart,
} from '../vendor/vendor-port.ts';
import { endOf, type Run } from './run-ports.ts';
import { type Chosen, startTally } from './tally-answer.ts';

/**
 * Streams one request, holding everything back until there is something to show. Null when the stream
 * has ended; else why nothing was shown. The permit is told how it went, whatever happens.
 */
export async function* showAnswer(
  request: CompletionRequest,
  chosen: Chosen,
): AsyncGenerator<CompletionPart, VendorFault | null> {
  const { permit } = chosen.resolved;
  try {
    return yield* showParts(request, chosen);
  } finally {
    // Reached without a word when nobody reads on.
    permit.ended(notAskedFault);
  }
}

async function* showParts(
  request: CompletionRequest,
  chosen: Chosen,
): AsyncGenerator<CompletionPart, VendorFault | null> {
  const { candidate } = chosen;
  const { vendor, card, permit } = chosen.resolved;
  const built = buildRequest(request, { candidate, card, rules: vendor.rules });
  const tally = startTally(chosen, built.request);
  const held: ContentPart[] = built.warnings.map((message) => ({ type: 'warning', message }));
  for await (const part of attemptCompletion(vendor, built.request, attemptOptions(chosen))) {
    tally.note(part);
    if (part.type === 'failed') {
      permit.ended(part.fault);
      if (!tally.hasStarted) return keepBill(part.fault, tally.unseen(part.fault), chosen.run);
      yield tally.errorPart(part.fault);
      return null;
    }
    if (part.type === 'usage' && tally.hasStarted) yield { type: 'usage', usage: part.usage };
    if (isBeside(part)) continue;
    if (!tally.hasStarted && part.type !== 'finished' && !isShown(part)) {
      held.push(part);
      continue;
    }
    if (!tally.hasStarted) {
      permit.answers();
      yield tally.startPart();
      yield* held;
    }
    if (part.type === 'finished') {
      permit.ended(null);
      yield tally.endPart(part.stop);
      return null;
    }
    yield part;
  }
  return makeFault('internal', 'The attempt ended without a last part.');
}

/** Nobody saw anything of this request, but it may have to be paid for. */
function keepBill(fault: VendorFault, unseen: UnseenRequest | null, run: Run): VendorFault {
  if (unseen) {
    run.unseen.push(unseen);
    run.ports.onUnseen?.(unseen);
  }
  return fault;
}

type BesidePart = Extract<VendorPart, { type: 'progress' | 'stopping' | 'answering' | 'usage' }>;

/** True for what a vendor says beside its answer. */
function isBeside(part: VendorPart): part is BesidePart {
  return ['progress', 'stopping', 'answering', 'usage'].includes(part.type);
}

function attemptOptions({ candidate, run }: Chosen): AttemptOptions {
  return {
    signal: run.signal,
    deadlines: run.ports.deadlinesOf(candidate.provider),
    endsAtMs: endOf(run),
    timers: run.ports.timers,
  };
}
