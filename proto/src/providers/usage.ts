import { z } from 'zod';

const tokens = z.number().int().nonnegative();

/** Tokens of one model call as a partition: every token is counted in exactly one field. */
export const usageSchema = z.object({
  inputTokens: tokens.describe('Input that was neither read from nor written to a cache.'),
  cacheReadTokens: tokens,
  cacheWrite5mTokens: tokens,
  cacheWrite1hTokens: tokens,
  outputTokens: tokens.describe('Visible output: text and tool calls, without reasoning.'),
  reasoningTokens: tokens,
  isEstimated: z.boolean().describe('True when the vendor did not say and we counted ourselves.'),
});
export type Usage = z.infer<typeof usageSchema>;

/** What a call cost. Unknown stays null and is never written as 0. */
export const costSchema = z.object({
  usd: z.number().nonnegative().nullable(),
  source: z.enum(['vendor', 'table', 'local', 'unknown']),
});
export type Cost = z.infer<typeof costSchema>;

/** What a request used and what that cost. */
export interface Bill {
  readonly usage: Usage | null;
  readonly cost: Cost;
}

export const noUsage: Usage = {
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  isEstimated: false,
};

/** Adds two partitions field by field; estimated when either was. */
export function addUsage(left: Usage, right: Usage): Usage {
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    cacheReadTokens: left.cacheReadTokens + right.cacheReadTokens,
    cacheWrite5mTokens: left.cacheWrite5mTokens + right.cacheWrite5mTokens,
    cacheWrite1hTokens: left.cacheWrite1hTokens + right.cacheWrite1hTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    reasoningTokens: left.reasoningTokens + right.reasoningTokens,
    isEstimated: left.isEstimated || right.isEstimated,
  };
}

/** Bills together; where one used something at a cost that nobody knows, nobody knows the sum. */
export function sumBills(bills: readonly Bill[]): Bill {
  let sum: Bill = { usage: null, cost: { usd: null, source: 'unknown' } };
  for (const { usage, cost } of bills) {
    if (usage === null) continue;
    if (sum.usage === null) sum = { usage, cost };
    else sum = { usage: addUsage(sum.usage, usage), cost: addCost(sum.cost, cost) };
  }
  return sum;
}

/** One unknown cost makes the sum unknown. */
export function addCost(left: Cost, right: Cost): Cost {
  if (left.usd === null || right.usd === null) return { usd: null, source: 'unknown' };
  return { usd: left.usd + right.usd, source: right.source };
}

/** All input tokens, cached or not: what fills the context window. */
export function totalInputTokens(usage: Usage): number {
  return (
    usage.inputTokens + usage.cacheReadTokens + usage.cacheWrite5mTokens + usage.cacheWrite1hTokens
  );
}
