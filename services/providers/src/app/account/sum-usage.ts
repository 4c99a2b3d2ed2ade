import { MosaicError, type UsageQuery, type UsageRow, type UsageSum } from '@mosaic/proto';

const dayMs = 86_400_000;
const longestDays = 366;

/** The instants between which the days of a query lie. Throws bad_request when they are no range. */
export function instantsOf({ from, to }: Pick<UsageQuery, 'from' | 'to'>) {
  const sinceMs = Date.parse(from);
  const beforeMs = Date.parse(to) + dayMs;
  if (beforeMs <= sinceMs) throw new MosaicError('bad_request', '"to" lies before "from".');
  if (beforeMs - sinceMs > longestDays * dayMs) {
    throw new MosaicError(
      'bad_request',
      `At most ${longestDays} days can be put together at once.`,
    );
  }
  return { since: new Date(sinceMs).toISOString(), before: new Date(beforeMs).toISOString() };
}

/** All rows together: one sum of real calls and one of simulated ones, where there are any. */
export function sumRows(rows: readonly UsageRow[]): UsageSum[] {
  return [false, true].flatMap((isSimulated) => {
    const [first, ...others] = rows.filter((row) => row.isSimulated === isSimulated);
    if (first === undefined) return [];
    const { key: _, ...sum } = first;
    return [others.reduce(add, sum)];
  });
}

function add(left: UsageSum, right: UsageSum): UsageSum {
  const { tokens } = left;
  return {
    isSimulated: left.isSimulated,
    calls: left.calls + right.calls,
    unansweredCalls: left.unansweredCalls + right.unansweredCalls,
    openCalls: left.openCalls + right.openCalls,
    retries: left.retries + right.retries,
    estimatedCalls: left.estimatedCalls + right.estimatedCalls,
    tokens: {
      inputTokens: tokens.inputTokens + right.tokens.inputTokens,
      cacheReadTokens: tokens.cacheReadTokens + right.tokens.cacheReadTokens,
      cacheWrite5mTokens: tokens.cacheWrite5mTokens + right.tokens.cacheWrite5mTokens,
      cacheWrite1hTokens: tokens.cacheWrite1hTokens + right.tokens.cacheWrite1hTokens,
      outputTokens: tokens.outputTokens + right.tokens.outputTokens,
      reasoningTokens: tokens.reasoningTokens + right.tokens.reasoningTokens,
    },
    costUsd: addKnown(left.costUsd, right.costUsd),
    unknownCostCalls: left.unknownCostCalls + right.unknownCostCalls,
  };
}

/** What is unknown stays out of a sum, and a sum of nothing known is unknown. */
function addKnown(left: number | null, right: number | null): number | null {
  if (left === null) return right;
  return right === null ? left : left + right;
}
