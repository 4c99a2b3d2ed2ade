import type { LimitsReport, UsageSum } from '@mosaic/proto';
import { totalInputTokens } from '@mosaic/proto/client';
import { type ConversationUse, conversationUse } from '../../state/conversation-use.ts';
import { formatCost, formatTokens } from '../../text/format-amounts.ts';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { RunCommand } from '../command.ts';

const shownModels = 5;
const dayMs = 86_400_000;

/** `/cost` */
export const cost: RunCommand = async (_argument, { print, session }) => {
  const now = Date.now();
  const [today, month, limits] = await Promise.all([
    session.rest.usage({ from: dayOf(now), to: dayOf(now), by: 'day' }),
    session.rest.usage({ from: dayOf(now - 29 * dayMs), to: dayOf(now), by: 'model' }),
    session.rest.limits(),
  ]);
  const use = conversationUse(session.state.conversation);
  const models = month.rows
    .toSorted((left, right) => (right.costUsd ?? 0) - (left.costUsd ?? 0))
    .slice(0, shownModels);
  print([
    `conversation  ${describeConversation(use)}`,
    ...describeTotals('today', today.totals, describeBudget(limits)),
    ...describeTotals('30 days', month.totals, ''),
    ...models.map((row) => `  ${oneLine(row.key ?? 'no model').padEnd(34)} ${describeSum(row)}`),
  ]);
};

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? '' : 's'}`;

function describeConversation(use: ConversationUse): string {
  const tokens = `${formatTokens(use.inputTokens)} in / ${formatTokens(use.outputTokens)} out`;
  const price = use.isSimulated ? 'simulated' : priceOf(use.costUsd, use.unknownCosts);
  return [count(use.answers, 'answer'), ...(use.answers === 0 ? [] : [tokens, price])].join(' · ');
}

/** Real and simulated calls are told apart: these never cost anything. */
function describeTotals(name: string, totals: readonly UsageSum[], more: string): string[] {
  if (totals.length === 0) return [`${name.padEnd(13)} nothing${more}`];
  return totals.map(
    (sum) => `${name.padEnd(13)} ${describeSum(sum)}${sum.isSimulated ? '' : more}`,
  );
}

function describeSum(sum: UsageSum): string {
  const { outputTokens, reasoningTokens } = sum.tokens;
  const tokens = `${formatTokens(totalInputTokens({ ...sum.tokens, isEstimated: false }))} in / ${formatTokens(outputTokens + reasoningTokens)} out`;
  const price = sum.isSimulated ? 'simulated' : priceOf(sum.costUsd, sum.unknownCostCalls);
  return `${count(sum.calls, 'call')} · ${tokens} · ${price}`;
}

/** What nobody knows is never left out silently, and never counted as nothing. */
function priceOf(costUsd: number | null, unknown: number): string {
  return `${formatCost(costUsd)}${unknown === 0 || costUsd === null ? '' : ` + ${unknown} of unknown cost`}`;
}

function describeBudget({ today }: LimitsReport): string {
  return today.leftUsd === null ? '' : ` · ${formatCost(today.leftUsd)} left of today's budget`;
}
