import type { BenchmarkQuestion } from '@mosaic/memory/train/benchmarks';

/** The ids a search gave for a question, best first. */
export interface Ranking {
  readonly question: BenchmarkQuestion;
  readonly ranked: readonly string[];
}

export const figuresHead =
  '| ranker | n | hit@1 | hit@5 | hit@10 | hit@20 | recall@10 | MRR |\n| --- | --- | --- | --- | --- | --- | --- | --- |';

/** A row of a Markdown table; questions without evidence count nowhere. */
export function figuresRow(name: string, rankings: readonly Ranking[]): string {
  const judged = rankings.filter(({ question }) => question.evidence.length > 0);
  const places = judged.map(firstPlace);
  const hit = (most: number) => share(places.map((place) => Number(place <= most)));
  const recall = share(judged.map(recallAtTen));
  const reciprocal = mean(places.map((place) => 1 / place)).toFixed(3);
  return `| ${name} | ${judged.length} | ${[1, 5, 10, 20].map(hit).join(' | ')} | ${recall} | ${reciprocal} |`;
}

/** From 1; infinite when no evidence was found at all. */
function firstPlace({ question, ranked }: Ranking): number {
  const evidence = new Set(question.evidence.map(String));
  const at = ranked.findIndex((id) => evidence.has(id));
  return at === -1 ? Number.POSITIVE_INFINITY : at + 1;
}

function recallAtTen({ question, ranked }: Ranking): number {
  const evidence = new Set(question.evidence.map(String));
  return ranked.slice(0, 10).filter((id) => evidence.has(id)).length / evidence.size;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
}

function share(values: readonly number[]): string {
  return (100 * mean(values)).toFixed(1);
}
