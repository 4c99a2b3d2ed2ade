import {
  addCost,
  addUsage,
  billOf,
  type CompletionPart,
  type Cost,
  type ModelRef,
  type SkippedCandidate,
  type Usage,
} from '@mosaic/proto';

type StartPart = Extract<CompletionPart, { type: 'start' }>;
type TerminalPart = Extract<CompletionPart, { type: 'end' | 'error' }>;

/** What the model calls of one run used and cost together, and who answered. */
export interface Tally {
  readonly startedMs: number;
  readonly firstTokenMs: number | null;
  readonly usage: Usage | null;
  readonly cost: Cost;
  readonly answeredBy: ModelRef | undefined;
  readonly skipped: readonly SkippedCandidate[];
  readonly isSimulated: boolean;
  /** Each once, in the order in which they came. */
  readonly warnings: readonly string[];
}

export function startTally(startedMs: number): Tally {
  return {
    startedMs,
    firstTokenMs: null,
    usage: null,
    cost: { usd: null, source: 'unknown' },
    answeredBy: undefined,
    skipped: [],
    isSimulated: false,
    warnings: [],
  };
}

/** Notes who answers and when the first content came. */
export function noteStart(tally: Tally, part: StartPart, nowMs: number): Tally {
  return {
    ...tally,
    firstTokenMs: tally.firstTokenMs ?? nowMs - tally.startedMs,
    answeredBy: { provider: part.provider, model: part.model },
    skipped: [...tally.skipped, ...part.skipped],
    isSimulated: tally.isSimulated || part.isSimulated,
  };
}

/** As many as an event may carry. */
const mostWarnings = 20;

/** Keeps a warning that was not heard before in this run. */
export function noteWarning(tally: Tally, message: string): Tally {
  const warning = message.slice(0, 500);
  if (tally.warnings.includes(warning) || tally.warnings.length >= mostWarnings) return tally;
  return { ...tally, warnings: [...tally.warnings, warning] };
}

/** Adds what one finished or failed model call used; one unknown cost makes the sum unknown. */
export function noteEnd(tally: Tally, part: TerminalPart): Tally {
  const { usage } = tally;
  const bill = billOf(part);
  const isFirst = usage === null;
  if (bill.usage === null) return tally;
  return {
    ...tally,
    usage: isFirst ? bill.usage : addUsage(usage, bill.usage),
    cost: isFirst ? bill.cost : addCost(tally.cost, bill.cost),
  };
}
