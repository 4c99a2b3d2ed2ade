import { type TaskType, taskTypes } from '@mosaic/proto';
import type { WordVectors } from '@mosaic/word-vectors';
import { type Difficulty, judgeDifficulty } from './difficulty/judge-difficulty.ts';
import { measuresOf } from './difficulty/measures.ts';
import { type DifficultyTrees, decodeTrees, encodeTrees } from './difficulty/trees.ts';
import { type SignsOfWork, signsOfWork } from './judge-complexity.ts';
import { type ScopedText, scopeText } from './scope-text.ts';
import { featureSlots, featuresOf, type TextFeatures } from './text-features.ts';

/** Columns of a model: one per task. */
const columns = taskTypes.length;

/** What training learns: small whole numbers, and what one of them is worth in each column. */
export interface TaskWeights {
  /** `featureSlots` rows of `columns` weights. */
  readonly weights: Int8Array;
  readonly scales: Float32Array;
  readonly biases: Float32Array;
  /** Sharpness that makes the probabilities honest (fitted on sources unseen in training). */
  readonly temperature: number;
  /** What tells how much a text needs a strong model. */
  readonly difficulty: DifficultyTrees;
}

/** A trained classifier: its weights, and the table of words that they were learned with. */
export interface TaskModel extends TaskWeights {
  /** First characters of the SHA-256 of both files, to name it in a decision. */
  readonly version: string;
  readonly words: WordVectors;
}

export interface TaskJudgement extends Difficulty {
  readonly scoped: ScopedText;
  readonly features: TextFeatures;
  readonly ranked: readonly { readonly task: TaskType; readonly p: number }[];
  readonly signs: SignsOfWork;
}

/** What a model makes of one text: every task with its probability, the likeliest first. */
export function judgeTask(text: string, model: TaskModel): TaskJudgement {
  const scoped = scopeText(text);
  const features = featuresOf(scoped, model.words);
  const ranked = rankTasks(taskScoresOf(features, model), model.temperature);
  const measured = measuresOf({ own: scoped.own, numbers: features.numbers });
  const task = ranked[0]?.task ?? 'chat';
  const signs = signsOfWork(scoped.instruction);
  const difficulty = judgeDifficulty({ task, signs, measured }, model.difficulty);
  return { scoped, features, ranked, signs, ...difficulty };
}

function rankTasks(scores: Float64Array, temperature: number): TaskJudgement['ranked'] {
  const top = scores.reduce((most, score) => Math.max(most, score));
  const odds = taskTypes.map((_, column) => Math.exp(((scores[column] ?? 0) - top) / temperature));
  const sum = odds.reduce((total, one) => total + one, 0);
  return taskTypes
    .map((task, column) => ({ task, p: (odds[column] ?? 0) / sum }))
    .sort((left, right) => right.p - left.p);
}

/**
 * Two columns at a time: their sums stay in registers, and there is so little to do for a row that
 * many of them are on their way from memory at once. Row by row took 1.4 times as long.
 */
function taskScoresOf({ slots, values }: TextFeatures, model: TaskModel): Float64Array {
  const { biases, scales, weights } = model;
  const scores = new Float64Array(columns);
  for (let column = 0; column < columns; column += 2) {
    let one = 0;
    let two = 0;
    for (let at = 0; at < slots.length; at += 1) {
      const cell = (slots[at] ?? 0) * columns + column;
      const value = values[at] ?? 0;
      one += value * (weights[cell] ?? 0);
      two += value * (weights[cell + 1] ?? 0);
    }
    scores[column] = one;
    scores[column + 1] = two;
  }
  for (let column = 0; column < columns; column += 1) {
    scores[column] = (scores[column] ?? 0) * (scales[column] ?? 0) + (biases[column] ?? 0);
  }
  return scores;
}

/** Bytes before the weights: a magic word, temperature, then scale and bias of each column. */
const headBytes = 8 + columns * 8;
const magic = 0x4d534b33;

/** Reads weights from the bytes of their file. Throws when they are not of this shape. */
export function decodeTaskWeights(bytes: Uint8Array): TaskWeights {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const treesFrom = headBytes + featureSlots * columns;
  if (bytes.byteLength < treesFrom || view.getUint32(0) !== magic) {
    throw new Error('The task model is of another shape: run npm run train:routing.');
  }
  const numbers = (from: number) =>
    Float32Array.from({ length: columns }, (_, index) => view.getFloat32(from + index * 4));
  return {
    temperature: view.getFloat32(4),
    scales: numbers(8),
    biases: numbers(8 + columns * 4),
    weights: new Int8Array(bytes.buffer, bytes.byteOffset + headBytes, featureSlots * columns),
    difficulty: decodeTrees(bytes.subarray(treesFrom)),
  };
}

/** The bytes that `decodeTaskWeights` reads. */
export function encodeTaskWeights(model: TaskWeights): Uint8Array {
  const trees = encodeTrees(model.difficulty);
  const treesFrom = headBytes + model.weights.length;
  const bytes = new Uint8Array(treesFrom + trees.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  view.setFloat32(4, model.temperature);
  for (const [index, scale] of model.scales.entries()) view.setFloat32(8 + index * 4, scale);
  for (const [index, bias] of model.biases.entries()) {
    view.setFloat32(8 + columns * 4 + index * 4, bias);
  }
  bytes.set(new Uint8Array(model.weights.buffer, model.weights.byteOffset), headBytes);
  bytes.set(trees, treesFrom);
  return bytes;
}
