import type { CompletionPart, ModelRef, SkippedCandidate, Usage } from '@mosaic/proto';
import { errorCatalogue, formatModelRef } from '@mosaic/proto';
import type { AttemptOptions, Deadlines } from './attempt-completion.ts';
import { attemptCompletion, faultOfAbort, isShown } from './attempt-completion.ts';
import { buildRequest } from './build-request.ts';
import { costOf } from './cards/cost-of.ts';
import { chooseNextStep } from './choose-next-step.ts';
import { estimateUsage, usageOfPartial } from './count-usage.ts';
import { makeFault } from './vendor/vendor-fault.ts';
import type {
  CompletionRequest,
  ContentPart,
  Timers,
  Vendor,
  VendorCard,
  VendorFault,
  VendorPart,
  VendorRequest,
} from './vendor/vendor-port.ts';

/** A candidate that may be asked, or why it may not. */
export type Resolved =
  | { readonly vendor: Vendor; readonly card: VendorCard; readonly isSimulated: boolean }
  | { readonly obstacle: VendorFault };

export interface RunPorts {
  resolve(candidate: ModelRef): Resolved;
  /** Takes note of how a call went: null for one that worked. */
  record(provider: ModelRef['provider'], fault: VendorFault | null): void;
  deadlinesOf(provider: ModelRef['provider']): Deadlines;
  /** Longest time for everything together, in milliseconds. */
  readonly totalMs: number;
  readonly timers: Timers;
}

type Usable = Extract<Resolved, { vendor: Vendor }>;

/** What one run knows while it goes from candidate to candidate. */
interface Run {
  readonly ports: RunPorts;
  readonly signal: AbortSignal;
  readonly startedAtMs: number;
  readonly skipped: SkippedCandidate[];
}

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
  const run: Run = { ports, signal, startedAtMs: ports.timers.now(), skipped: [] };
  let last: VendorFault = makeFault('no_model_available', 'No candidate was given.');
  let smallestContext = 0;
  for (const candidate of request.candidates) {
    if (signal.aborted) {
      last = faultOfAbort(signal);
      break;
    }
    const resolved = ports.resolve(candidate);
    const context = 'card' in resolved ? (resolved.card.contextTokens ?? 0) : 0;
    const fault =
      'obstacle' in resolved
        ? resolved.obstacle
        : context < smallestContext
          ? makeFault('context_too_long', 'It reads no more than the one that was too small.')
          : yield* tryCandidate(request, { candidate, resolved, run });
    if (fault === null) return;
    last = fault;
    run.skipped.push({ ...candidate, why: fault.message.slice(0, 300) });
    const next = chooseNextStep({ fault, tookMs: 0, wasRetry: true, random: 0 });
    if (next.step === 'give-up') break;
    if (next.step === 'larger-context') smallestContext = Math.max(smallestContext, context + 1);
  }
  yield failedPart(run, summarise(last, run.skipped));
}

interface Chosen {
  readonly candidate: ModelRef;
  readonly resolved: Usable;
  readonly run: Run;
}

/** Asks one candidate, at most twice. Null when the stream has ended; else why nothing was shown. */
async function* tryCandidate(
  request: CompletionRequest,
  chosen: Chosen,
): AsyncGenerator<CompletionPart, VendorFault | null> {
  const { timers } = chosen.run.ports;
  for (let wasRetry = false; ; wasRetry = true) {
    const beganAtMs = timers.now();
    const fault = yield* showAnswer(request, chosen);
    if (fault === null) return null;
    const tookMs = timers.now() - beganAtMs;
    const next = chooseNextStep({ fault, tookMs, wasRetry, random: timers.random() });
    if (next.step !== 'retry') return fault;
    await pause(next.afterMs, chosen.run);
    if (chosen.run.signal.aborted) return faultOfAbort(chosen.run.signal);
  }
}

/** Streams one attempt, holding everything back until there is something to show. */
async function* showAnswer(
  request: CompletionRequest,
  chosen: Chosen,
): AsyncGenerator<CompletionPart, VendorFault | null> {
  const { candidate, run } = chosen;
  const { vendor, card } = chosen.resolved;
  const built = buildRequest(request, { candidate, card, rules: vendor.rules });
  const tally = startTally(chosen, built.request);
  const held: ContentPart[] = built.warnings.map((message) => ({ type: 'warning', message }));
  for await (const part of attemptCompletion(vendor, built.request, attemptOptions(chosen))) {
    tally.note(part);
    if (part.type === 'failed') {
      run.ports.record(candidate.provider, part.fault);
      if (!tally.hasStarted) return part.fault;
      yield tally.errorPart(part.fault);
      return null;
    }
    if (isBeside(part)) continue;
    if (!tally.hasStarted && part.type !== 'finished' && !isShown(part)) {
      held.push(part);
      continue;
    }
    if (!tally.hasStarted) {
      yield tally.startPart();
      yield* held;
    }
    if (part.type === 'finished') {
      run.ports.record(candidate.provider, null);
      yield tally.endPart(part.stop);
      return null;
    }
    yield part;
  }
  return makeFault('internal', 'The attempt ended without a last part.');
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
    endsAtMs: run.startedAtMs + run.ports.totalMs,
    timers: run.ports.timers,
  };
}

/** Keeps what the first and the last part of an answer need: model, usage, cost, times. */
function startTally({ candidate, resolved, run }: Chosen, request: VendorRequest) {
  const { now } = run.ports.timers;
  let model = candidate.model;
  let reported: Usage | null = null;
  let vendorUsd: number | null = null;
  let firstTokenMs: number | null = null;
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
      if (part.type === 'answering') model = part.model;
      else if (part.type === 'usage') ({ usage: reported, costUsd: vendorUsd } = part);
      else if (part.type === 'text') shown.output += part.text.length;
      else if (part.type === 'reasoning') shown.reasoning += part.text.length;
      else if (part.type === 'tool-call') shown.output += JSON.stringify(part.call).length;
    },
    startPart(): CompletionPart {
      firstTokenMs = now() - run.startedAtMs;
      const { isSimulated } = resolved;
      const skipped = [...run.skipped];
      return { type: 'start', provider: candidate.provider, model, skipped, isSimulated };
    },
    endPart(stop: Extract<VendorPart, { type: 'finished' }>['stop']): CompletionPart {
      const billed = bill(reported ?? estimateUsage(request, shown));
      return { type: 'end', stop, ...billed, timings: timings() };
    },
    errorPart(fault: VendorFault): CompletionPart {
      const billed = bill(
        reported ? usageOfPartial(reported, shown) : estimateUsage(request, shown),
      );
      const skipped = [...run.skipped];
      const failure = toFailurePart(fault);
      const phase = 'after-first-part';
      return { type: 'error', failure, phase, skipped, ...billed, timings: timings() };
    },
  };
}

function toFailurePart(fault: VendorFault) {
  const { isRetryable } = errorCatalogue[fault.code];
  return { code: fault.code, message: fault.message, isRetryable };
}

/** One fault for all: the only one when there was one candidate, else a summary of every one. */
function summarise(last: VendorFault, skipped: readonly SkippedCandidate[]): VendorFault {
  const canNextHelp = chooseNextStep({ fault: last, tookMs: 0, wasRetry: true, random: 0 }).step;
  if (skipped.length < 2 || canNextHelp !== 'next-candidate') return last;
  const all = skipped.map((one) => `${formatModelRef(one)}: ${one.why}`).join(' | ');
  return { ...makeFault('no_model_available', ''), message: `No candidate could answer. ${all}` };
}

function failedPart(run: Run, fault: VendorFault): CompletionPart {
  return {
    type: 'error',
    failure: { ...toFailurePart(fault), message: fault.message.slice(0, 2_000) },
    phase: 'before-first-part',
    skipped: run.skipped,
    usage: null,
    cost: { usd: null, source: 'unknown' },
    timings: { firstTokenMs: null, totalMs: run.ports.timers.now() - run.startedAtMs },
  };
}

/** Waits, but not longer than the caller does. */
function pause(delayMs: number, { signal, ports }: Run): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stop = ports.timers.after(delayMs, done);
    signal.addEventListener('abort', done, { once: true });
  });
}
