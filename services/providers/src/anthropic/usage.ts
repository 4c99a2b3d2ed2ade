import { addUsage, noUsage, type Usage } from '@mosaic/proto';
import { tokenCount } from '../app/count-usage.ts';

/** A report of the Messages API; in a stream later ones are cumulative and leave fields out. */
export interface WireUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_creation?: {
    readonly ephemeral_5m_input_tokens?: number;
    readonly ephemeral_1h_input_tokens?: number;
  } | null;
  readonly output_tokens_details?: { readonly thinking_tokens?: number } | null;
  /** One entry per model run of the answer; only with features that run more than one. */
  readonly iterations?: readonly WireUsage[] | null;
}

/** Adds a report to the newest known one. */
export function toUsage(before: Usage, report: WireUsage): Usage {
  const runs = report.iterations ?? [];
  if (runs.length === 0) return readReport(before, report);
  // The totals at the top leave out runs of compaction, advisors and models that declined, which are
  // billed all the same: only the sum of the runs is the bill.
  const sum = runs.map((run) => readReport(noUsage, run)).reduce(addUsage, noUsage);
  const reasoning = thinkingOf(report, sum.outputTokens) ?? before.reasoningTokens;
  return {
    ...sum,
    outputTokens: Math.max(0, sum.outputTokens - reasoning),
    reasoningTokens: reasoning,
  };
}

function readReport(before: Usage, report: WireUsage): Usage {
  const keep = (value: number | null | undefined, known: number) =>
    value === null || value === undefined ? known : tokenCount(value);
  const written1h = keep(
    report.cache_creation?.ephemeral_1h_input_tokens,
    before.cacheWrite1hTokens,
  );
  const written = keep(
    report.cache_creation_input_tokens,
    before.cacheWrite5mTokens + before.cacheWrite1hTokens,
  );
  const output = keep(report.output_tokens, before.outputTokens + before.reasoningTokens);
  const reasoning = thinkingOf(report, output) ?? Math.min(output, before.reasoningTokens);
  return {
    inputTokens: keep(report.input_tokens, before.inputTokens),
    cacheReadTokens: keep(report.cache_read_input_tokens, before.cacheReadTokens),
    cacheWrite5mTokens: Math.max(0, written - written1h),
    cacheWrite1hTokens: Math.min(written, written1h),
    outputTokens: output - reasoning,
    reasoningTokens: reasoning,
    isEstimated: false,
  };
}

/** Thinking is a part of the output, never more than it; undefined when the report does not say. */
function thinkingOf(report: WireUsage, output: number): number | undefined {
  const thinking = report.output_tokens_details?.thinking_tokens;
  return typeof thinking === 'number' ? Math.min(output, tokenCount(thinking)) : undefined;
}
