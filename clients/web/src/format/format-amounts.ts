import { type Cost, totalInputTokens, type Usage } from '@mosaic/proto';

const count = new Intl.NumberFormat('en');

/** Input and output tokens; `≈` when the vendor did not say and they were counted here. */
export function formatTokens(usage: Usage): string {
  const written = usage.outputTokens + usage.reasoningTokens;
  const about = usage.isEstimated ? '≈ ' : '';
  return `${about}${count.format(totalInputTokens(usage))} in, ${count.format(written)} out`;
}

/** US dollars with as many places as it takes to tell small amounts apart. */
export function formatUsd(usd: number): string {
  if (usd === 0) return '$0';
  if (usd < 0.000_1) return '< $0.0001';
  return `$${usd.toFixed(usd < 0.01 ? 4 : usd < 1 ? 3 : 2)}`;
}

/** An unknown price is called unknown, never zero. */
export function formatCost(cost: Cost | null): string {
  if (cost === null || cost.usd === null) return 'cost unknown';
  if (cost.source === 'local') return 'no cost (local)';
  return formatUsd(cost.usd);
}
