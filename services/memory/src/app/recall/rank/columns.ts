import { overlap } from '../dates/date-range.ts';
import type { IndexedPassage } from '../index/passage.ts';
import type { UserIndex } from '../index/user-index.ts';
import { feedbackTerms } from './feedback-terms.ts';
import type { Question } from './read-question.ts';
import type { RelatedTerms } from './related-terms.ts';
import { type Column, scoreWords } from './score-words.ts';
import { bestOfUnits, type Surroundings, smoothed, toPassages } from './surroundings.ts';

export interface RankedIndex {
  readonly index: UserIndex;
  readonly surroundings: Surroundings;
  readonly related: RelatedTerms;
}

/** What speaks for every passage, by name. A ranker is a weight for each. */
export type Columns = Readonly<Record<string, Column>>;

/** Everything that ranking knows of all passages of an index for a question. */
export function buildColumns(
  ranked: RankedIndex,
  question: Question,
  likenesses?: Column,
): Columns {
  const words = wordColumns(ranked, question);
  const context = contextColumns(ranked, question, words);
  const meaning = {
    ...meaningColumns(ranked, question),
    ...(likenesses !== undefined && { embedding: likenesses }),
  };
  const marks = markColumns(ranked.index, question, words['own'] ?? new Float32Array(0));
  return {
    ...words,
    ...context,
    ...meaning,
    ...marks,
    ...feedbackColumns(ranked, question, { ...words, ...context, ...meaning }),
  };
}

function scaled(column: Column, by: number): Column {
  return by > 0 ? column.map((one) => one / by) : column;
}

function largest(column: Column): number {
  let most = 0;
  for (const one of column) if (one > most) most = one;
  return most;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0);
}

function wordColumns({ index, related }: RankedIndex, question: Question): Columns {
  const { words } = question;
  const total = Math.max(1, sumOf(words.map(({ idf }) => idf)));
  const exact = words.map(({ terms, idf }) => ({
    terms: terms.map((term) => ({ term, likeness: 1 })),
    weight: idf,
  }));
  const own = scoreWords(index, exact);
  const soft = words.map(({ word, terms, idf }) => ({
    terms: [
      ...terms.map((term) => ({ term, likeness: 1 })),
      ...related(word).filter(({ term }) => !terms.includes(term)),
    ],
    weight: idf,
  }));
  const named = words.filter(({ isName }) => isName);
  return {
    own: scaled(own, total),
    ownMax: scaled(own, largest(own)),
    soft: scaled(scoreWords(index, soft), total),
    coverage: coverage(index, question),
    pair: pairs(index, question),
    name: scoreWords(
      index,
      named.map(({ terms }) => ({
        terms: terms.map((term) => ({ term, likeness: 1 })),
        weight: 1,
      })),
    ),
  };
}

/** The share of the question's weight whose words a passage has at all. */
function coverage(index: UserIndex, { words }: Question): Column {
  const column = new Float32Array(index.passages.length);
  const total = Math.max(1e-6, sumOf(words.map(({ idf }) => idf)));
  for (const { terms, idf } of words) {
    const found = new Set(terms.flatMap((term) => index.postings[term]?.passages ?? []));
    for (const passage of found) column[passage] = (column[passage] ?? 0) + idf / total;
  }
  return column;
}

/** Words that stand next to each other in the question and in the passage. */
function pairs(index: UserIndex, { words }: Question): Column {
  const column = new Float32Array(index.passages.length);
  for (const [place, left] of words.entries()) {
    const right = words[place + 1];
    if (right === undefined) break;
    for (const term of left.terms) {
      for (const passage of index.postings[term]?.passages ?? []) {
        if (followed(index.passages[passage], term, right.terms)) {
          column[passage] = (column[passage] ?? 0) + (left.idf + right.idf) / 10;
        }
      }
    }
  }
  return column;
}

function followed(
  passage: IndexedPassage | undefined,
  term: number,
  next: readonly number[],
): boolean {
  if (passage === undefined) return false;
  const { terms } = passage;
  for (let at = 0; at < terms.length; at += 1) {
    if (terms[at] !== term) continue;
    if (next.includes(terms[at + 1] ?? -1) || next.includes(terms[at - 1] ?? -1)) return true;
  }
  return false;
}

function contextColumns(
  { index, surroundings }: RankedIndex,
  question: Question,
  words: Columns,
): Columns {
  const own = words['own'] ?? new Float32Array(0);
  const units = bestOfUnits(index, own);
  const softUnits = bestOfUnits(index, words['soft'] ?? own);
  const at = (column: Column, steps: number) => {
    const beside = surroundings.at(steps);
    return toPassages(index, (unit) => column[beside[unit] ?? -1] ?? 0);
  };
  const near = smoothed(index, units, 0.7);
  const asked = questionUnits(index);
  const before = surroundings.at(-1);
  const talks = talkColumns(index, question, units);
  return {
    before: at(units, -1),
    after: at(units, 1),
    before2: at(units, -2),
    after2: at(units, 2),
    softBefore: at(softUnits, -1),
    softAfter: at(softUnits, 1),
    near: toPassages(index, (unit) => near[unit] ?? 0),
    unit: toPassages(index, (unit) => units[unit] ?? 0),
    answers: toPassages(index, (unit) => {
      const previous = before[unit] ?? -1;
      return previous === -1 ? 0 : (asked[previous] ?? 0) * (units[previous] ?? 0);
    }),
    afterQuestion: toPassages(index, (unit) => asked[before[unit] ?? -1] ?? 0),
    ...talks,
  };
}

function questionUnits(index: UserIndex): Column {
  const asked = new Float32Array(index.units.length);
  for (const { unit, marks } of index.passages) if (marks.hasQuestion) asked[unit] = 1;
  return asked;
}

/** How much of the question a whole conversation holds, and its best message. */
function talkColumns(index: UserIndex, { words }: Question, units: Column): Columns {
  const count = index.talks.length;
  const best = new Float32Array(count);
  for (const [unit, { conversation }] of index.units.entries()) {
    best[conversation] = Math.max(best[conversation] ?? 0, units[unit] ?? 0);
  }
  const score = new Float32Array(count);
  let total = 1e-6;
  for (const { terms } of words) {
    const counts = new Map<number, number>();
    for (const term of terms) {
      for (const passage of index.postings[term]?.passages ?? []) {
        const talk = talkOf(index, passage);
        counts.set(talk, (counts.get(talk) ?? 0) + 1);
      }
    }
    const idf = Math.log(1 + (count - counts.size + 0.5) / (counts.size + 0.5));
    total += idf;
    for (const [talk, many] of counts) {
      score[talk] = (score[talk] ?? 0) + (idf * many) / (many + 1.2);
    }
  }
  const perPassage = (column: Column, by: number) =>
    Float32Array.from(index.passages, (_, passage) => (column[talkOf(index, passage)] ?? 0) / by);
  return {
    talk: perPassage(score, total),
    talkMax: perPassage(score, Math.max(1e-6, largest(score))),
    talkBest: perPassage(best, 1),
  };
}

function talkOf(index: UserIndex, passage: number): number {
  return index.units[index.passages[passage]?.unit ?? -1]?.conversation ?? -1;
}

function meaningColumns({ index, surroundings }: RankedIndex, { meaning }: Question): Columns {
  const cosine = Float32Array.from(index.passages, (passage) => likeness(passage.meaning, meaning));
  const units = bestOfUnits(index, cosine);
  const at = (steps: number) => {
    const beside = surroundings.at(steps);
    return toPassages(index, (unit) => units[beside[unit] ?? -1] ?? 0);
  };
  return {
    meaning: cosine,
    meaningMax: scaled(cosine, largest(cosine)),
    meaningBefore: at(-1),
    meaningAfter: at(1),
  };
}

function likeness(vector: Int8Array | null, meaning: Float32Array | null): number {
  if (vector === null || meaning === null) return 0;
  let product = 0;
  let length = 0;
  for (let at = 0; at < meaning.length; at += 1) {
    const one = vector[at] ?? 0;
    product += one * (meaning[at] ?? 0);
    length += one * one;
  }
  return length === 0 ? 0 : product / Math.sqrt(length);
}

function feedbackColumns({ index }: RankedIndex, question: Question, columns: Columns): Columns {
  const terms = feedbackTerms(index, question, columns);
  const total = Math.max(1e-6, sumOf(terms.map(({ weight }) => weight)));
  return { feedback: scaled(scoreWords(index, terms), total) };
}

function markColumns(index: UserIndex, question: Question, own: Column): Columns {
  const { asks, speakers } = question;
  const { passages } = index;
  const column = (read: (passage: IndexedPassage, number: number) => number) =>
    Float32Array.from(passages, read);
  const when = (is: boolean, read: (passage: IndexedPassage, number: number) => number) =>
    is ? column(read) : new Float32Array(passages.length);
  const ownOf = (number: number) => own[number] ?? 0;
  const isNamed = ({ speaker }: IndexedPassage) =>
    speaker !== null && speakers.has(speaker.toLowerCase());
  const asksSpeaker = speakers.size > 0;
  return {
    asking: column(({ marks }) => Number(marks.hasQuestion)),
    askingOwn: column(({ marks }, number) => (marks.hasQuestion ? ownOf(number) : 0)),
    length: column(({ marks }) => Math.log1p(marks.words)),
    short: column(({ marks }) => Number(marks.words < 4)),
    speaker: when(asksSpeaker, (passage) => Number(isNamed(passage))),
    speakerOwn: when(asksSpeaker, (passage, number) => (isNamed(passage) ? ownOf(number) : 0)),
    otherSpeaker: when(asksSpeaker, (passage) =>
      Number(passage.speaker !== null && !isNamed(passage)),
    ),
    assistant: column(({ role }) => Number(role === 'assistant')),
    assistantOwn: column(({ role }, number) => (role === 'assistant' ? ownOf(number) : 0)),
    assistantAsked: when(asks.assistant && !asks.help, ({ role }) => Number(role === 'assistant')),
    selfAsked: when(asks.self, ({ role, speaker }) => Number(role === 'user' && speaker === null)),
    firstPerson: column(({ marks }) => Number(marks.isFirstPerson)),
    timeAsked: when(asks.time, ({ marks }) => Number(marks.hasTime)),
    numberAsked: when(asks.number, ({ marks }) => Number(marks.hasNumber)),
    nameAsked: when(asks.person || asks.place, ({ marks }) => Number(marks.hasName)),
    hasTime: column(({ marks }) => Number(marks.hasTime)),
    hasNumber: column(({ marks }) => Number(marks.hasNumber)),
    hasName: column(({ marks }) => Number(marks.hasName)),
    instruction: column(({ marks }) => Number(marks.isInstruction)),
    instructionAsked: when(asks.help, ({ marks, role }) =>
      Number(marks.isInstruction && role === 'user'),
    ),
    firstChunk: column(({ chunk }) => Number(chunk === 0)),
    ...dateColumns(index, question),
    recency: recency(index),
  };
}

/** A date that many passages share says less. */
function dateColumns(index: UserIndex, { dates }: Question): Columns {
  const count = index.passages.length;
  const column = new Float32Array(count);
  const mentioned = new Float32Array(count);
  if (dates.length === 0) return { date: column, dateMentioned: mentioned };
  const fits = (passage: IndexedPassage, from: number) =>
    passage.dates.slice(from).some((one) => dates.some((wanted) => overlap(one, wanted)));
  let found = 0;
  for (const [number, passage] of index.passages.entries()) {
    column[number] = Number(fits(passage, 0));
    mentioned[number] = Number(fits(passage, 1));
    found += column[number];
  }
  const weight = Math.log((count + 1) / (found + 1));
  return { date: scaled(column, 1 / Math.max(0.01, weight)), dateMentioned: mentioned };
}

/** 1 for the newest passage, 0 for the oldest, in the order they were said. */
function recency(index: UserIndex): Column {
  const times = [...new Set(index.passages.map(({ saidAtMs }) => saidAtMs))].sort((a, b) => a - b);
  const places = new Map(times.map((time, place) => [time, place / Math.max(1, times.length - 1)]));
  return Float32Array.from(index.passages, ({ saidAtMs }) => places.get(saidAtMs) ?? 0);
}
