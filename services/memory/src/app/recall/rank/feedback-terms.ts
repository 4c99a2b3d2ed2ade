import type { UserIndex } from '../index/user-index.ts';
import type { Columns } from './columns/column.ts';
import type { Question } from './read-question.ts';
import type { WeightedTerms } from './score-words.ts';

const passagesRead = 6;
const termsTaken = 12;

/**
 * Words for a second look: those of the first hits that tell most apart and that the question does
 * not have. They find what belongs to the same matter in other words.
 */
export function feedbackTerms(
  index: UserIndex,
  { words }: Question,
  columns: Columns,
): readonly WeightedTerms[] {
  const asked = new Set(words.flatMap(({ terms }) => terms));
  const value = (passage: number) =>
    (columns['own']?.[passage] ?? 0) +
    0.4 * (columns['before']?.[passage] ?? 0) +
    0.2 * (columns['after']?.[passage] ?? 0) +
    0.3 * (columns['talk']?.[passage] ?? 0);
  const first = [...index.passages.keys()]
    .filter((passage) => (columns['own']?.[passage] ?? 0) > 0)
    .map((passage) => ({ passage, score: value(passage) }))
    .sort((left, right) => right.score - left.score)
    .slice(0, passagesRead);
  const weights = new Map<number, number>();
  for (const { passage, score } of first) {
    for (const term of new Set(index.passages[passage]?.terms)) {
      const frequency = index.postings[term]?.passages.length ?? 0;
      if (asked.has(term) || frequency < 2) continue;
      const idf = Math.log(1 + (index.passages.length - frequency + 0.5) / (frequency + 0.5));
      weights.set(term, (weights.get(term) ?? 0) + score * idf);
    }
  }
  return [...weights]
    .sort(([, left], [, right]) => right - left)
    .slice(0, termsTaken)
    .map(([term, weight]) => ({ terms: [{ term, likeness: 1 }], weight }));
}
