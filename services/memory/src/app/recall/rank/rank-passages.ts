import type { WordVectors } from '@mosaic/word-vectors';
import type { IndexedPassage } from '../index/passage.ts';
import { buildColumns } from './build-columns.ts';
import type { Column, Columns } from './columns/column.ts';
import type { RankedIndex } from './ranked-index.ts';
import type { Weights } from './ranker.ts';
import { type Question, readQuestion } from './read-question.ts';
import { partOf, type ScoreParts } from './score-parts.ts';

/** How alike question and passages are by an embedding model; NaN for a passage without a vector. */
export type Likenesses = Column;

export interface RankedPassage {
  readonly passage: IndexedPassage;
  /** From 1 for the best downwards; twice as likely is twice the score. */
  readonly score: number;
  readonly parts: ScoreParts;
  /** Whether anything but its place and its form speaks for it. */
  readonly isRelevant: boolean;
}

export interface RankOptions {
  readonly nowMs: number;
  readonly table: WordVectors;
  readonly limit: number;
  readonly isWanted?: (passage: IndexedPassage) => boolean;
  /** Only passages that have a word of the question. */
  readonly needsWord?: boolean;
  readonly likenesses?: Likenesses;
}

/**
 * The passages of one user that answer a text best, best first. All of them are looked at, so what is
 * found is exactly what a look at every row would find.
 */
export function rankPassages(
  ranked: RankedIndex,
  text: string,
  options: RankOptions,
): { readonly question: Question; readonly found: readonly RankedPassage[] } {
  const { index, weights } = ranked;
  const question = readQuestion(text, index, options);
  const columns = buildColumns(ranked, question, options.likenesses);
  const scores = addUp(columns, index.passages.length, weights);
  const { isWanted = () => true, needsWord = false } = options;
  const own = needsWord ? columns['own'] : undefined;
  const wanted: number[] = [];
  for (const [number, passage] of index.passages.entries()) {
    if (own !== undefined && (own[number] ?? 0) === 0) continue;
    if (isWanted(passage)) wanted.push(number);
  }
  const best = topOf(wanted, scores, options.limit);
  const highest = scores[best[0] ?? -1] ?? 0;
  const partsOf = partsFrom(columns, weights);
  const found = best.flatMap((number) => {
    const passage = index.passages[number];
    if (passage === undefined) return [];
    const score = Math.exp((scores[number] ?? 0) - highest);
    const isRelevant = relevance(columns, number);
    return [{ passage, score, parts: partsOf(number), isRelevant }];
  });
  return { question, found };
}

/** The sum of weighted columns. */
export function addUp(columns: Columns, count: number, weights: Weights): Column {
  const scores = new Float32Array(count);
  for (const [name, column] of Object.entries(columns)) {
    const weight = weights[name] ?? 0;
    if (weight === 0) continue;
    for (let at = 0; at < count; at += 1) {
      scores[at] = (scores[at] ?? 0) + weight * (column[at] ?? 0);
    }
  }
  return scores;
}

function topOf(numbers: readonly number[], scores: Column, limit: number): readonly number[] {
  const byScore = (left: number, right: number) => (scores[right] ?? 0) - (scores[left] ?? 0);
  // Plain numbers sort much faster than by a function: only what reaches the last place needs that.
  const values = Float32Array.from(numbers, (number) => scores[number] ?? 0).sort();
  const least = values[values.length - limit] ?? Number.NEGATIVE_INFINITY;
  const reaching = numbers.filter((number) => (scores[number] ?? 0) >= least);
  return reaching.sort(byScore).slice(0, limit);
}

/** Adds up what each kind of evidence says for a passage. */
function partsFrom(columns: Columns, weights: Weights): (number: number) => ScoreParts {
  const weighted = Object.entries(columns).flatMap(([name, column]) => {
    const weight = weights[name] ?? 0;
    return weight === 0 ? [] : [{ column, weight, part: partOf(name) }];
  });
  return (number) => {
    const parts: Record<string, number> = {};
    for (const { column, part, weight } of weighted) {
      const value = weight * (column[number] ?? 0);
      if (value !== 0) parts[part] = (parts[part] ?? 0) + value;
    }
    for (const [part, value] of Object.entries(parts)) {
      parts[part] = Math.round(value * 1_000) / 1_000;
    }
    return parts;
  };
}

/** Below this, the built-in vectors of two texts say nothing: everything is a little alike. */
const leastMeaning = 0.6;
/** In deviations above the usual; a handful of passages can't deviate as far. */
const leastLikeness = 2;

function relevance(columns: Columns, number: number): boolean {
  const count = columns['embedding']?.length ?? 0;
  const unlike = Math.min(leastLikeness, 0.9 * Math.sqrt(Math.max(1, count - 1)));
  const at = (name: string) => columns[name]?.[number] ?? 0;
  return (
    at('own') > 0 ||
    at('soft') > 0.25 ||
    at('meaning') >= leastMeaning ||
    at('date') > 0 ||
    at('embedding') >= unlike
  );
}
