import type { CompletionPart, SkippedCandidate } from '@mosaic/proto';
import { formatModelRef } from '@mosaic/proto';
import { faultOfAbort } from './attempt-completion.ts';
import { whatElse } from './choose-next-step.ts';
import { endOf, type Run, type RunPorts } from './run/run-ports.ts';
import { toFailurePart, unseenOf } from './run/tally-answer.ts';
import { tryCandidate } from './run/try-candidate.ts';
import { makeFault } from './vendor/vendor-fault.ts';
import type { CompletionRequest, VendorFault } from './vendor/vendor-port.ts';

/**
 * Asks the candidates in order until one shows something, and streams it. A failure before the first
 * shown part goes to the next candidate and is told in `skipped`; one after it ends the stream with
 * what was used. Never throws; ends with exactly one `end` or `error`.
 */
export async function* runCandidates(
  request: CompletionRequest,
  signal: AbortSignal,
  ports: RunPorts,
): AsyncGenerator<CompletionPart> {
  const run = startRun(signal, ports);
  let last: VendorFault = makeFault('no_model_available', 'No candidate was given.');
  for (const candidate of request.candidates) {
    const isOver = endFault(run);
    const fault = isOver ?? (yield* tryCandidate(request, { candidate, run }));
    if (fault === null) return;
    // Whoever went away while a candidate was tried hears that, and not what was wrong with it.
    last = endFault(run) ?? fault;
    if (isOver) break;
    run.skipped.push({ ...candidate, why: last.message.slice(0, 300) });
    if (whatElse(last).step === 'give-up') break;
  }
  yield failedPart(run, summarise(last, run.skipped));
}

function startRun(signal: AbortSignal, ports: RunPorts): Run {
  return {
    ports,
    signal,
    startedAtMs: ports.timers.now(),
    skipped: [],
    unseen: [],
    lastFaults: new Map(),
    retries: 0,
    smallestContext: 0,
  };
}

/** Why nothing more can be asked: the caller went away, or the time for everything is over. */
function endFault(run: Run): VendorFault | null {
  if (run.signal.aborted) return faultOfAbort(run.signal);
  if (run.ports.timers.now() < endOf(run)) return null;
  return makeFault('deadline_exceeded', 'The answer took longer than allowed.');
}

/** One fault for all: the only one when there was one candidate, else a line for every one. */
function summarise(last: VendorFault, skipped: readonly SkippedCandidate[]): VendorFault {
  if (skipped.length < 2 || whatElse(last).step !== 'next-candidate') return last;
  const all = skipped.map((one) => `${formatModelRef(one)}: ${one.why}`).join('\n');
  return { ...makeFault('no_model_available', ''), message: `No candidate could answer:\n${all}` };
}

function failedPart(run: Run, fault: VendorFault): CompletionPart {
  return {
    type: 'error',
    failure: { ...toFailurePart(fault), message: fault.message.slice(0, 2_000) },
    phase: 'before-first-part',
    skipped: run.skipped,
    usage: null,
    cost: { usd: null, source: 'unknown' },
    ...unseenOf(run),
    timings: { firstTokenMs: null, totalMs: run.ports.timers.now() - run.startedAtMs },
  };
}
