import type { Ranker, Weights } from '../src/app/recall/rank/ranker.ts';
import type { Lesson } from './lessons.ts';
import { assistantByHand } from './ranker-settings.ts';

export interface FitOptions {
  /** Columns to learn with. */
  readonly names: readonly string[];
  /** What a question of each set counts: the smaller set would be drowned by the larger. */
  readonly weightOf: (lesson: Lesson) => number;
  readonly epochs?: number;
}

/**
 * Of friends who chat, the best passages by a plain score and those with the answer: others teach next
 * to nothing. Of a chat with an assistant all: the plain score does not know what is asked for there,
 * and weights learnt among its best let the others come first (hit@1 38 instead of 50).
 */
const mostPassages = { named: 150, assistant: Number.POSITIVE_INFINITY };
const plainScore: Weights = {
  own: 1,
  before: 0.4,
  after: 0.2,
  talkMax: 0.3,
  meaning: 0.3,
  soft: 0.3,
};
const decay = 1e-3;
/** A correction has to be seen often: what one kind hardly ever asks for stays as the other has it. */
const correctionDecay = 0.05;
const step = 0.05;

/** A question ready for learning: a row of standardised columns for each passage that is looked at. */
interface Exercise {
  readonly rows: Float32Array;
  readonly count: number;
  /** The message with evidence that a passage is of, or -1. */
  readonly answerOf: Int32Array;
  readonly answers: number;
  readonly weight: number;
  readonly isNamed: boolean;
}

interface Spread {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/**
 * Learns a weight for each column: by how much likelier a passage of the evidence is than the others.
 * A softmax over the passages of a question, one term for each message of the evidence, and a decay
 * that keeps weights small. Weights among named people are those with an assistant and a correction,
 * so that both kinds teach what holds for both. It ends early: more steps learn the questions by heart.
 * No chance is involved: the same lessons give the same weights.
 */
export function fitRanker(lessons: readonly Lesson[], options: FitOptions): Ranker {
  const { names, epochs = 60 } = options;
  const spread = spreadOf(lessons, names);
  const exercises = lessons.flatMap((lesson) => toExercise(lesson, spread, options));
  const total = exercises.reduce((sum, { weight }) => sum + weight, 0);
  // The common weights, and after them the corrections.
  const count = names.length;
  const weights = new Float64Array(2 * count);
  const moments = [new Float64Array(2 * count), new Float64Array(2 * count)] as const;
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const slope = slopeOf(exercises, weights, total);
    const pace = epoch > epochs * 0.7 ? step * 0.3 : step;
    walk(weights, slope, { moments, epoch, pace });
  }
  const byName = (some: Float64Array): Weights =>
    Object.fromEntries(
      names.map((name, at) => [name, (some[at] ?? 0) / (spread.deviations[at] ?? 1)]),
    );
  const named = byName(corrected(weights));
  return { assistant: { ...byName(weights.subarray(0, count)), ...assistantByHand }, named };
}

function corrected(weights: Float64Array): Float64Array {
  const count = weights.length / 2;
  return weights.slice(0, count).map((weight, at) => weight + (weights[count + at] ?? 0));
}

function slopeOf(
  exercises: readonly Exercise[],
  weights: Float64Array,
  total: number,
): Float64Array {
  const count = weights.length / 2;
  const slopes = { common: new Float64Array(count), named: new Float64Array(count) };
  const [common, named] = [weights.slice(0, count), corrected(weights)];
  for (const exercise of exercises) {
    if (exercise.isNamed) addSlope(exercise, named, { slope: slopes.named, total });
    else addSlope(exercise, common, { slope: slopes.common, total });
  }
  return weights.map((weight, at) => {
    const slope = slopes.named[at % count] ?? 0;
    if (at >= count) return correctionDecay * weight + slope;
    return decay * weight + slope + (slopes.common[at] ?? 0);
  });
}

/** Mean and deviation of each column over a part of all passages. */
function spreadOf(lessons: readonly Lesson[], names: readonly string[]): Spread {
  const sums = names.map(() => ({ count: 0, sum: 0, squares: 0 }));
  for (const { columns } of lessons) {
    for (const [at, name] of names.entries()) {
      const [column, tally] = [columns[name], sums[at]];
      if (column === undefined || tally === undefined) continue;
      for (let row = 0; row < column.length; row += 7) {
        const value = column[row] ?? 0;
        tally.count += 1;
        tally.sum += value;
        tally.squares += value * value;
      }
    }
  }
  const means = sums.map(({ sum, count }) => sum / Math.max(1, count));
  const deviations = sums.map(({ squares, count }, at) =>
    Math.sqrt(Math.max(1e-9, squares / Math.max(1, count) - (means[at] ?? 0) ** 2)),
  );
  return { means, deviations };
}

function toExercise(
  lesson: Lesson,
  { means, deviations }: Spread,
  { names, weightOf }: FitOptions,
): readonly Exercise[] {
  const evidence = [...new Set(lesson.question.evidence.map(String))];
  const chosen = choose(lesson, new Set(evidence));
  const answerOf = Int32Array.from(chosen, (passage) =>
    evidence.indexOf(lesson.ids[passage] ?? ''),
  );
  const answers = new Set(answerOf.filter((one) => one >= 0)).size;
  if (answers === 0) return [];
  const rows = new Float32Array(chosen.length * names.length);
  for (const [at, name] of names.entries()) {
    const column = lesson.columns[name];
    const [mean = 0, deviation = 1] = [means[at], deviations[at]];
    for (const [row, passage] of chosen.entries()) {
      rows[row * names.length + at] = ((column?.[passage] ?? 0) - mean) / deviation;
    }
  }
  const [weight, isNamed] = [weightOf(lesson), isAmongNamed(lesson)];
  return [{ rows, count: chosen.length, answerOf, answers, weight, isNamed }];
}

/** The same for every fit, and sorting all passages of a lesson is half the work of one. */
const chosenBefore = new WeakMap<Lesson, readonly number[]>();

function choose(lesson: Lesson, evidence: ReadonlySet<string>): readonly number[] {
  const chosen = chosenBefore.get(lesson) ?? chooseAnew(lesson, evidence);
  chosenBefore.set(lesson, chosen);
  return chosen;
}

function isAmongNamed({ namedShare }: Lesson): boolean {
  return namedShare > 0.5;
}

function chooseAnew(lesson: Lesson, evidence: ReadonlySet<string>): readonly number[] {
  const { columns, ids } = lesson;
  const most = mostPassages[isAmongNamed(lesson) ? 'named' : 'assistant'];
  const scores = new Float64Array(ids.length);
  for (const [name, weight] of Object.entries(plainScore)) {
    for (const [row, value] of (columns[name] ?? []).entries()) {
      scores[row] = (scores[row] ?? 0) + weight * value;
    }
  }
  const best = [...ids.keys()].sort((left, right) => (scores[right] ?? 0) - (scores[left] ?? 0));
  const withAnswer = best.filter((row) => evidence.has(ids[row] ?? ''));
  return [...new Set([...best.slice(0, most), ...withAnswer])];
}

function addSlope(
  { rows, count, answerOf, answers, weight }: Exercise,
  weights: Float64Array,
  { slope, total }: { readonly slope: Float64Array; readonly total: number },
): void {
  const width = weights.length;
  const scores = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    const from = row * width;
    let sum = 0;
    for (let at = 0; at < width; at += 1) sum += (weights[at] ?? 0) * (rows[from + at] ?? 0);
    scores[row] = sum;
  }
  const highest = scores.reduce((most, one) => Math.max(most, one), -Infinity);
  const shares = scores.map((one) => Math.exp(one - highest));
  const pulls = pullsOf(shares, answerOf);
  const scale = weight / total / answers;
  for (let row = 0; row < count; row += 1) {
    const pull = (pulls[row] ?? 0) * scale;
    if (pull === 0) continue;
    for (let at = 0; at < width; at += 1) {
      slope[at] = (slope[at] ?? 0) + pull * (rows[row * width + at] ?? 0);
    }
  }
}

/** How much each passage's score should fall; that of each answer rises against all other passages. */
function pullsOf(shares: Float64Array, answerOf: Int32Array): Float64Array {
  let others = 1e-12;
  const perAnswer = new Map<number, number>();
  for (const [row, share] of shares.entries()) {
    const answer = answerOf[row] ?? -1;
    if (answer === -1) others += share;
    else perAnswer.set(answer, (perAnswer.get(answer) ?? 0) + share);
  }
  let perOther = 0;
  for (const share of perAnswer.values()) perOther += 1 / (share + others);
  return shares.map((share, row) => {
    const answer = answerOf[row] ?? -1;
    if (answer === -1) return share * perOther;
    const own = perAnswer.get(answer) ?? 0;
    return share / (own + others) - share / (own + 1e-12);
  });
}

/** One step of Adam (Kingma and Ba 2015). */
function walk(
  weights: Float64Array,
  slope: Float64Array,
  state: {
    readonly moments: readonly [Float64Array, Float64Array];
    readonly epoch: number;
    readonly pace: number;
  },
): void {
  const [first, second] = state.moments;
  for (const [at, value] of slope.entries()) {
    first[at] = 0.9 * (first[at] ?? 0) + 0.1 * value;
    second[at] = 0.999 * (second[at] ?? 0) + 0.001 * value * value;
    const mean = (first[at] ?? 0) / (1 - 0.9 ** state.epoch);
    const size = Math.sqrt((second[at] ?? 0) / (1 - 0.999 ** state.epoch)) + 1e-8;
    weights[at] = (weights[at] ?? 0) - (state.pace * mean) / size;
  }
}
