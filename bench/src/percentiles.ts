/** The sample that this share (0 to 100) of all samples does not exceed. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))] ?? 0;
}

/** A row of a Markdown table: median, 95th and 99th percentile of some samples. */
export function percentileRow(name: string, samples: readonly number[], digits = 1): string {
  const sorted = samples.toSorted((left, right) => left - right);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(digits);
  return `| ${name} | ${sorted.length} | ${at(0.5)} | ${at(0.95)} | ${at(0.99)} |`;
}

export function tableHead(unit: string): string {
  return `| what | n | p50 ${unit} | p95 ${unit} | p99 ${unit} |\n| --- | --- | --- | --- | --- |`;
}
