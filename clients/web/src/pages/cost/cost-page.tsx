import {
  type ConversationMetrics,
  type LimitsReport,
  totalInputTokens,
  type UsageRow,
  type UsageSum,
} from '@mosaic/proto';
import { useCallback } from 'react';
import { formatUsd } from '../../format/format-amounts.ts';
import { useQuery } from '../../navigation/use-path.ts';
import { fetchLimits, fetchMetrics, fetchUsage } from '../../rest/usage.ts';
import { useReading } from '../use-reading.ts';
import { View } from '../view.tsx';

const shownDays = 30;
const dayMs = 86_400_000;
const count = new Intl.NumberFormat('en');
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

async function readCost(conversationId: string) {
  const now = Date.now();
  const month = { from: dayOf(now - (shownDays - 1) * dayMs), to: dayOf(now) };
  const [metrics, limits, today, days, models] = await Promise.all([
    conversationId === '' ? null : fetchMetrics(conversationId),
    fetchLimits(),
    fetchUsage({ from: month.to, to: month.to, by: 'day' }),
    fetchUsage({ ...month, by: 'day' }),
    fetchUsage({ ...month, by: 'model' }),
  ]);
  return { metrics, limits, today, days, models };
}

/** What nobody knows is never counted as nothing. */
function priceOf({ costUsd, isSimulated, unknownCostCalls }: UsageSum): string {
  if (isSimulated) return 'simulated';
  const unknown = unknownCostCalls === 0 ? '' : `, ${unknownCostCalls} unknown`;
  return `${costUsd === null ? 'unknown' : formatUsd(costUsd)}${costUsd === null ? '' : unknown}`;
}

function budgetOf({ today }: LimitsReport): string {
  return today.leftUsd === null
    ? 'No daily budget is set for you.'
    : `${formatUsd(today.leftUsd)} of today's budget is left.`;
}

function describeConversation(metrics: ConversationMetrics): string {
  const { answers, costUsd, tokens, unknownCosts } = metrics;
  const unknown = unknownCosts === 0 ? '' : ` and ${unknownCosts} of unknown cost`;
  const said = `${answers.completed + answers.cancelled + answers.failed} answered`;
  const read = `${count.format(tokens.input)} tokens in`;
  const written = `${count.format(tokens.output + tokens.reasoning)} out`;
  return `This conversation: ${said}, ${read}, ${written}, ${formatUsd(costUsd)}${unknown}.`;
}

/** What one's own model calls used and cost: today, by model and by day. */
export function CostPage() {
  const conversationId = useQuery();
  const read = useCallback(() => readCost(conversationId), [conversationId]);
  const { value, problem } = useReading(read);
  return (
    <View problem={problem} isLoading={value === null}>
      {value !== null && (
        <>
          {value.metrics !== null && <p>{describeConversation(value.metrics)}</p>}
          <p className="text-dim">
            {budgetOf(value.limits)} Days are those of UTC. What one answer cost stands under it.
          </p>
          <UsageTable
            name="Today"
            rows={value.today.totals.map((sum) => ({
              ...sum,
              key: sum.isSimulated ? 'simulated' : 'real',
            }))}
          />
          <UsageTable name={`By model, ${shownDays} days`} rows={byCost(value.models.rows)} />
          <UsageTable name={`By day, ${shownDays} days`} rows={value.days.rows.toReversed()} />
        </>
      )}
    </View>
  );
}

const byCost = (rows: readonly UsageRow[]): readonly UsageRow[] =>
  rows.toSorted((left, right) => (right.costUsd ?? 0) - (left.costUsd ?? 0));

interface UsageTableProps {
  readonly name: string;
  readonly rows: readonly UsageRow[];
}

function UsageTable({ name, rows }: UsageTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must scroll by keyboard too
    <div className="overflow-x-auto outline-offset-[-2px]" tabIndex={0}>
      <table className="amounts">
        <caption>{name}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">what</span>
            </th>
            {['cost', 'calls', 'tokens in', 'tokens out'].map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <UsageLine key={`${row.key} ${row.isSimulated}`} row={row} />
          ))}
          {rows.length === 0 && (
            <tr>
              <th scope="row" colSpan={5} className="text-dim!">
                nothing
              </th>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

function UsageLine({ row }: { row: UsageRow }) {
  const { outputTokens, reasoningTokens } = row.tokens;
  return (
    <tr>
      <th scope="row">{row.key ?? 'no model'}</th>
      <td>{priceOf(row)}</td>
      <td>{count.format(row.calls)}</td>
      <td>{count.format(totalInputTokens({ ...row.tokens, isEstimated: false }))}</td>
      <td>{count.format(outputTokens + reasoningTokens)}</td>
    </tr>
  );
}
