import { type DifficultyFeatures, needOfStrong } from '../src/app/classify/difficulty-features.ts';
import { featureSlots } from '../src/app/classify/text-features.ts';
import type { Fitted } from './fit-task-model.ts';
import type { DifficultyRow } from './read-rows.ts';
import { seeded } from './seeded.ts';

/** What the strong and the weak model are likely to get right. */
export interface FittedDifficulty {
  readonly strong: Fitted;
  readonly weak: Fitted;
}

export type DifficultyVectors = (prompt: string) => DifficultyFeatures;

const rounds = 4;
const rate = 0.05;
const decay = 1e-4;

/** A subject of more rows than this says enough by its single ones. */
const manyRows = 500;

/**
 * Learns both models apart: one is better than the other where prompts are neither easy nor hopeless,
 * and no straight line through their difference can say that (measured: 0.66 instead of 0.645 on
 * MMLU). Single answers are mostly luck, so each counts together with its subject's mean.
 */
export function fitDifficulty(
  rows: readonly DifficultyRow[],
  { vectors, seed }: { readonly vectors: DifficultyVectors; readonly seed: number },
): FittedDifficulty {
  const learn = (isRight: (row: DifficultyRow) => boolean) =>
    fitOne(rows, { wanted: calmed(rows, isRight), vectors, seed });
  return { strong: learn((row) => row.strongOk), weak: learn((row) => row.weakOk) };
}

/** Each row's answer, drawn towards the mean of its subject. */
function calmed(
  rows: readonly DifficultyRow[],
  isRight: (row: DifficultyRow) => boolean,
): (row: DifficultyRow) => number {
  const subjects = new Map<string, { right: number; rows: number }>();
  for (const row of rows) {
    const known = subjects.get(row.subject) ?? { right: 0, rows: 0 };
    known.right += Number(isRight(row));
    known.rows += 1;
    subjects.set(row.subject, known);
  }
  const overall = rows.filter(isRight).length / Math.max(1, rows.length);
  return (row) => {
    const { right, rows: count } = subjects.get(row.subject) ?? { right: 0, rows: 0 };
    const mean = (right + 10 * overall) / (count + 10);
    const calm = count > manyRows ? 0.2 : 0.6;
    return calm * mean + (1 - calm) * Number(isRight(row));
  };
}

interface Lesson {
  readonly wanted: (row: DifficultyRow) => number;
  readonly vectors: DifficultyVectors;
  readonly seed: number;
}

/** Logistic regression by AdaGrad, in an order that depends on the seed only. */
function fitOne(rows: readonly DifficultyRow[], { wanted, vectors, seed }: Lesson): Fitted {
  const weights = new Float32Array(featureSlots);
  const squares = new Float32Array(featureSlots).fill(0.5);
  const biases = new Float32Array(1);
  const order = rows.map((_, index) => index);
  const random = seeded(seed);
  for (let round = 0; round < rounds; round += 1) {
    shuffle(order, random);
    for (const index of order) {
      const row = rows[index];
      if (row === undefined) continue;
      const vector = vectors(row.prompt);
      const miss = sigmoid(scoreOf(vector, { weights, biases })) - wanted(row);
      step(vector, miss, { weights, biases, squares });
    }
  }
  return { weights, biases };
}

function step(
  { slots, values }: DifficultyFeatures,
  miss: number,
  { weights, biases, squares }: Fitted & { readonly squares: Float32Array },
): void {
  for (let at = 0; at < slots.length; at += 1) {
    const slot = slots[at] ?? 0;
    const slope = miss * (values[at] ?? 0) + decay * (weights[slot] ?? 0);
    squares[slot] = (squares[slot] ?? 0) + slope * slope;
    weights[slot] = (weights[slot] ?? 0) - (rate * slope) / Math.sqrt(squares[slot] ?? 1);
  }
  biases[0] = (biases[0] ?? 0) - 0.01 * miss;
}

/** 0 to 1: how much the strong model is needed. */
export function difficultyScore(
  vector: DifficultyFeatures,
  { strong, weak }: FittedDifficulty,
): number {
  return needOfStrong({ strong: scoreOf(vector, strong), weak: scoreOf(vector, weak) });
}

function scoreOf({ slots, values }: DifficultyFeatures, { weights, biases }: Fitted): number {
  let score = biases[0] ?? 0;
  for (let at = 0; at < slots.length; at += 1) {
    score += (values[at] ?? 0) * (weights[slots[at] ?? 0] ?? 0);
  }
  return score;
}

const sigmoid = (score: number) => 1 / (1 + Math.exp(-score));

/** Puts a list into an order by lot, in place. */
export function shuffle(order: number[], random: () => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
}
