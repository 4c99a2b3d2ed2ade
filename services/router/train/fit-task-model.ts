import { taskTypes } from '@mosaic/proto';
import type { WordVectors } from '@mosaic/word-vectors';
import { measuresOf } from '../src/app/classify/difficulty/measures.ts';
import { scopeText } from '../src/app/classify/scope-text.ts';
import type { TaskWeights } from '../src/app/classify/task-model.ts';
import { featureSlots, featuresOf, type TextFeatures } from '../src/app/classify/text-features.ts';
import type { Measured } from './difficulty/fit-difficulty.ts';
import { ownSource, type TaskRow } from './read-rows.ts';
import { seeded, shuffle } from './seeded.ts';
import { thinned } from './thin-features.ts';

/** One example ready to learn from: hashed features, the wanted column values, and its weight. */
export interface Example {
  readonly slots: Int32Array;
  readonly values: Float32Array;
  readonly wanted: number;
  readonly weight: number;
}

export interface Fitted {
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

const rounds = 8;
const rate = 0.5;
const decay = 2e-6;
/** The weights are the mean of those after each of the last rounds: no prompt was the last one. */
const meanOfLast = 4;

/** Features of a prompt in the arrays that learning runs over. */
export type Vectors = (prompt: string) => Pick<Example, 'slots' | 'values'>;

/** Remembers what prompts became, their features and their measures, so that folds need not do it again. */
export function rememberVectors(words: WordVectors): {
  readonly tasks: Vectors;
  readonly measured: Measured;
} {
  return {
    tasks: remember((prompt) => asArrays(featuresOf(scopeText(prompt), words))),
    measured: remember((prompt) => {
      const scoped = scopeText(prompt);
      return measuresOf({ own: scoped.own, numbers: featuresOf(scoped, words).numbers });
    }),
  };
}

function asArrays({ slots, values }: TextFeatures): ReturnType<Vectors> {
  return { slots: Int32Array.from(slots), values: Float32Array.from(values) };
}

function remember<Made>(make: (prompt: string) => Made): (prompt: string) => Made {
  const known = new Map<string, Made>();
  return (prompt) => {
    const seen = known.get(prompt) ?? make(prompt);
    known.set(prompt, seen);
    return seen;
  };
}

/** Rare tasks count for more, crowded sources for less, and our own prompts for most. */
export function weighRows(rows: readonly TaskRow[], vectors: Vectors): Example[] {
  const count = (key: (row: TaskRow) => string) => {
    const counts = new Map<string, number>();
    for (const row of rows) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
    return (row: TaskRow) => counts.get(key(row)) ?? 1;
  };
  const ofTask = count((row) => row.task);
  const ofGroup = count((row) => `${row.source} ${row.task}`);
  return rows.map((row) => {
    const crowd =
      row.source === ownSource ? 5 * (row.share ?? 1) : Math.min(1, Math.sqrt(60 / ofGroup(row)));
    const rarity = Math.min(2, Math.sqrt(rows.length / taskTypes.length / ofTask(row)));
    return { ...vectors(row.prompt), wanted: taskTypes.indexOf(row.task), weight: crowd * rarity };
  });
}

/**
 * Multinomial logistic regression by AdaGrad, in an order that depends on the seed only. Every time
 * a prompt is learned from, a share of its features is left out by lot, so that none is relied on
 * alone: people who were never learned from say some of it in other words.
 */
export function fitTasks(examples: readonly Example[], seed: number): Fitted {
  const size = featureSlots * taskTypes.length;
  const fitted = { weights: new Float32Array(size), biases: new Float32Array(taskTypes.length) };
  const squares = new Float32Array(size).fill(0.05);
  const slopes = new Float64Array(taskTypes.length);
  const mean = { weights: new Float32Array(size), biases: new Float32Array(taskTypes.length) };
  const order = examples.map((_, index) => index);
  const [random, lots] = [seeded(seed), seeded(seed + 1)];
  for (let round = 0; round < rounds; round += 1) {
    shuffle(order, random);
    for (const index of order) {
      const example = examples[index];
      if (example === undefined) continue;
      const seen = thinned(example, lots);
      slopesOf(seen, fitted, slopes);
      stepTasks(seen, slopes, { ...fitted, squares });
    }
    if (round >= rounds - meanOfLast) addShare(mean, fitted);
  }
  return mean;
}

function addShare(mean: Fitted, { biases, weights }: Fitted): void {
  for (let at = 0; at < weights.length; at += 1) {
    mean.weights[at] = (mean.weights[at] ?? 0) + (weights[at] ?? 0) / meanOfLast;
  }
  for (let at = 0; at < biases.length; at += 1) {
    mean.biases[at] = (mean.biases[at] ?? 0) + (biases[at] ?? 0) / meanOfLast;
  }
}

/** Moves the weights of one example's features, each by how much it has moved before. */
function stepTasks(
  { slots, values }: Example,
  slopes: Float64Array,
  { weights, biases, squares }: Fitted & { readonly squares: Float32Array },
): void {
  const classes = slopes.length;
  for (let at = 0; at < slots.length; at += 1) {
    const row = (slots[at] ?? 0) * classes;
    const value = values[at] ?? 0;
    for (let cell = row; cell < row + classes; cell += 1) {
      const old = weights[cell] ?? 0;
      const slope = (slopes[cell - row] ?? 0) * value + decay * old;
      const square = (squares[cell] ?? 0) + slope * slope;
      squares[cell] = square;
      weights[cell] = old - (rate * slope) / Math.sqrt(square);
    }
  }
  for (let column = 0; column < classes; column += 1) {
    biases[column] = (biases[column] ?? 0) - 0.01 * (slopes[column] ?? 0);
  }
}

/** How far each class's probability is from the truth, times the example's weight. */
function slopesOf(example: Example, fitted: Fitted, slopes: Float64Array): void {
  const scores = taskScores(example, fitted);
  const top = Math.max(...scores);
  let sum = 0;
  for (let column = 0; column < scores.length; column += 1) {
    const odds = Math.exp((scores[column] ?? 0) - top);
    slopes[column] = odds;
    sum += odds;
  }
  for (let column = 0; column < scores.length; column += 1) {
    const truth = column === example.wanted ? 1 : 0;
    slopes[column] = ((slopes[column] ?? 0) / sum - truth) * example.weight;
  }
}

/** Unscaled scores of all tasks. */
export function taskScores(
  example: Pick<Example, 'slots' | 'values'>,
  { weights, biases }: Fitted,
): Float64Array {
  const classes = taskTypes.length;
  const scores = Float64Array.from(biases);
  for (let at = 0; at < example.slots.length; at += 1) {
    const row = (example.slots[at] ?? 0) * classes;
    const value = example.values[at] ?? 0;
    for (let column = 0; column < classes; column += 1) {
      scores[column] = (scores[column] ?? 0) + value * (weights[row + column] ?? 0);
    }
  }
  return scores;
}

/** The temperature under which the true tasks of these rows are likeliest. */
export function fitTemperature(
  judged: readonly { readonly scores: Float64Array; readonly wanted: number }[],
): number {
  let best = { temperature: 1, loss: Number.POSITIVE_INFINITY };
  for (let temperature = 0.4; temperature <= 4; temperature += 0.05) {
    let loss = 0;
    for (const { scores, wanted } of judged) {
      const top = Math.max(...scores);
      const sum = scores.reduce((total, score) => total + Math.exp((score - top) / temperature), 0);
      loss += Math.log(sum) - ((scores[wanted] ?? 0) - top) / temperature;
    }
    if (loss < best.loss) best = { temperature, loss };
  }
  return best.temperature;
}

/** Whole numbers from -127 to 127 with one scale per column: a quarter of the size, same answers. */
export function quantise({
  biases,
  weights: fitted,
}: Fitted): Pick<TaskWeights, 'weights' | 'scales' | 'biases'> {
  const classes = taskTypes.length;
  const weights = new Int8Array(fitted.length);
  const scales = new Float32Array(classes);
  for (let column = 0; column < classes; column += 1) {
    let largest = 1e-9;
    for (let cell = column; cell < fitted.length; cell += classes) {
      largest = Math.max(largest, Math.abs(fitted[cell] ?? 0));
    }
    scales[column] = largest / 127;
    for (let cell = column; cell < fitted.length; cell += classes) {
      weights[cell] = Math.round(((fitted[cell] ?? 0) / largest) * 127);
    }
  }
  return { weights, scales, biases };
}
