import type { UserIndex } from '../../index/user-index.ts';
import type { AskedWord, Question } from '../read-question.ts';
import { bestOfUnits, type Surroundings, toPassages } from '../surroundings.ts';
import { add, type Column, type Columns, largest } from './column.ts';

/** How soon more messages with the same word stop to count. */
const saturation = 1.2;

/** How much of the question a whole conversation holds, and its best message. */
export function talkColumns(
  index: UserIndex,
  surroundings: Surroundings,
  { own, words }: Pick<Question, 'words'> & { readonly own: Column },
): Columns {
  const { talkOf } = surroundings;
  const best = new Float32Array(index.talks.length);
  for (const [unit, value] of bestOfUnits(surroundings, own).entries()) {
    const talk = talkOf[unit] ?? -1;
    best[talk] = Math.max(best[talk] ?? 0, value);
  }
  const score = new Float32Array(index.talks.length);
  let total = 1e-6;
  for (const word of words) total += addWord(index, word, { score, surroundings });
  const spread = (column: Column, by: number) => {
    const units = new Float32Array(talkOf.length);
    for (let unit = 0; unit < units.length; unit += 1) {
      units[unit] = (column[talkOf[unit] ?? -1] ?? 0) / by;
    }
    return toPassages(surroundings, units);
  };
  return {
    talk: spread(score, total),
    talkMax: spread(score, Math.max(1e-6, largest(score))),
    talkBest: spread(best, 1),
  };
}

/** Adds what a word is worth to the conversations that have it; answers its weight among them. */
function addWord(
  index: UserIndex,
  { terms }: AskedWord,
  { score, surroundings }: { readonly score: Column; readonly surroundings: Surroundings },
): number {
  const { talkOf, unitOf } = surroundings;
  const counts = new Map<number, number>();
  for (const term of terms) {
    for (const passage of index.postings[term]?.passages ?? []) {
      const talk = talkOf[unitOf[passage] ?? -1] ?? -1;
      counts.set(talk, (counts.get(talk) ?? 0) + 1);
    }
  }
  const idf = Math.log(1 + (score.length - counts.size + 0.5) / (counts.size + 0.5));
  for (const [talk, many] of counts) add(score, talk, (idf * many) / (many + saturation));
  return idf;
}
