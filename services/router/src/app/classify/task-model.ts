import { type TaskType, taskTypes } from '@mosaic/proto';
import { type ScopedText, scopeText } from './scope-text.ts';
import { featureSlots, featuresOf, slotsOfWord, type TextFeatures } from './text-features.ts';
import type { WordVectors } from './word-vectors.ts';

/** Columns of a model: one per task, and the last for difficulty. */
export const columns = taskTypes.length + 1;

/** What training learns: small whole numbers, and what one of them is worth in each column. */
export interface TaskWeights {
  /** `featureSlots` rows of `columns` weights. */
  readonly weights: Int8Array;
  readonly scales: Float32Array;
  readonly biases: Float32Array;
  /** Sharpness that makes the probabilities honest (fitted on sources unseen in training). */
  readonly temperature: number;
}

/** A trained classifier: its weights, and the table of words that they were learned with. */
export interface TaskModel extends TaskWeights {
  /** First characters of the SHA-256 of both files, to name it in a decision. */
  readonly version: string;
  readonly words: WordVectors;
}

export interface TaskJudgement {
  readonly scoped: ScopedText;
  readonly features: TextFeatures;
  readonly ranked: readonly { readonly task: TaskType; readonly p: number }[];
  /** 0 to 1: how much the prompt needs a strong model. */
  readonly difficulty: number;
}

/** What a model makes of one text: every task with its probability, the likeliest first. */
export function judgeTask(text: string, model: TaskModel): TaskJudgement {
  const scoped = scopeText(text);
  const features = featuresOf(scoped, model.words);
  const scores = scoresOf(features, model);
  const difficulty = 1 / (1 + Math.exp(-(scores[columns - 1] ?? 0)));
  const tasks = scores.slice(0, taskTypes.length);
  const top = Math.max(...tasks);
  const odds = tasks.map((score) => Math.exp((score - top) / model.temperature));
  const sum = odds.reduce((total, one) => total + one, 0);
  const ranked = taskTypes
    .map((task, index) => ({ task, p: (odds[index] ?? 0) / sum }))
    .sort((left, right) => right.p - left.p);
  return { scoped, features, ranked, difficulty };
}

function scoresOf({ slots, values }: TextFeatures, model: TaskModel): number[] {
  const sums = new Float64Array(columns);
  const { weights } = model;
  for (let at = 0; at < slots.length; at += 1) {
    const row = (slots[at] ?? 0) * columns;
    const value = values[at] ?? 0;
    for (let column = 0; column < columns; column += 1) {
      sums[column] = (sums[column] ?? 0) + value * (weights[row + column] ?? 0);
    }
  }
  return Array.from(
    sums,
    (sum, column) => sum * (model.scales[column] ?? 0) + (model.biases[column] ?? 0),
  );
}

/** The words that speak most for `task` against the average of the others, strongest first. */
export function tellingWords(
  { slots, values, words }: TextFeatures,
  { task, model }: { readonly task: TaskType; readonly model: TaskModel },
): string[] {
  const column = taskTypes.indexOf(task);
  const worthOf = new Map(
    slots.map((slot, at) => [
      slot,
      (values[at] ?? 0) * (model.weights[slot * columns + column] ?? 0),
    ]),
  );
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`);
  return [...new Set([...words, ...pairs])]
    .filter((name) => /\p{L}/u.test(name))
    .map((name) => ({
      name,
      worth: slotsOfWord(name).reduce((sum, slot) => sum + (worthOf.get(slot) ?? 0), 0),
    }))
    .filter(({ worth }) => worth > 0)
    .sort((left, right) => right.worth - left.worth)
    .slice(0, 3)
    .map(({ name }) => name.slice(0, 40));
}

/** Bytes before the weights: a magic word, temperature, then scale and bias of each column. */
const headBytes = 8 + columns * 8;
const magic = 0x4d534b31;

/** Reads weights from the bytes of their file. Throws when they are not of this shape. */
export function decodeTaskWeights(bytes: Uint8Array): TaskWeights {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wanted = headBytes + featureSlots * columns;
  if (bytes.byteLength !== wanted || view.getUint32(0) !== magic) {
    throw new Error(`The task model is not one of ${wanted} bytes: run npm run train:routing.`);
  }
  const numbers = (from: number) =>
    Float32Array.from({ length: columns }, (_, index) => view.getFloat32(from + index * 4));
  return {
    temperature: view.getFloat32(4),
    scales: numbers(8),
    biases: numbers(8 + columns * 4),
    weights: new Int8Array(bytes.buffer, bytes.byteOffset + headBytes, featureSlots * columns),
  };
}

/** The bytes that `decodeTaskWeights` reads. */
export function encodeTaskWeights(model: TaskWeights): Uint8Array {
  const bytes = new Uint8Array(headBytes + model.weights.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  view.setFloat32(4, model.temperature);
  for (const [index, scale] of model.scales.entries()) view.setFloat32(8 + index * 4, scale);
  for (const [index, bias] of model.biases.entries()) {
    view.setFloat32(8 + columns * 4 + index * 4, bias);
  }
  bytes.set(new Uint8Array(model.weights.buffer, model.weights.byteOffset), headBytes);
  return bytes;
}
