import { type TaskType, taskTypes } from '@mosaic/proto';
import type { WordVectors } from '@mosaic/word-vectors';
import { type Difficulty, judgeDifficulty } from './difficulty/judge-difficulty.ts';
import { measuresOf } from './difficulty/measures.ts';
import { type DifficultyTrees, decodeTrees, encodeTrees } from './difficulty/trees.ts';
import { type ScopedText, scopeText } from './scope-text.ts';
import { featureSlots, featuresOf, slotsOfWord, type TextFeatures } from './text-features.ts';

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
}

/** What a model makes of one text: every task with its probability, the likeliest first. */
export function judgeTask(text: string, model: TaskModel): TaskJudgement {
  const scoped = scopeText(text);
  const features = featuresOf(scoped, model.words);
  const tasks = taskScoresOf(features, model);
  const top = Math.max(...tasks);
  const odds = tasks.map((score) => Math.exp((score - top) / model.temperature));
  const sum = odds.reduce((total, one) => total + one, 0);
  const ranked = taskTypes
    .map((task, index) => ({ task, p: (odds[index] ?? 0) / sum }))
    .sort((left, right) => right.p - left.p);
  const measured = measuresOf({ own: scoped.own, numbers: features.numbers });
  const task = ranked[0]?.task ?? 'chat';
  const { instruction } = scoped;
  const difficulty = judgeDifficulty({ task, instruction, measured }, model.difficulty);
  return { scoped, features, ranked, ...difficulty };
}

function taskScoresOf({ slots, values }: TextFeatures, model: TaskModel): number[] {
  const tasks = taskTypes.length;
  const sums = new Float64Array(tasks);
  const { weights } = model;
  for (let at = 0; at < slots.length; at += 1) {
    const row = (slots[at] ?? 0) * columns;
    const value = values[at] ?? 0;
    for (let column = 0; column < tasks; column += 1) {
      sums[column] = (sums[column] ?? 0) + value * (weights[row + column] ?? 0);
    }
  }
  return Array.from(
    sums,
    (sum, column) => sum * (model.scales[column] ?? 0) + (model.biases[column] ?? 0),
  );
}

/** So many words and pairs are asked for what they say; a request is rarely longer. */
const mostTellingWords = 120;

/** The words that speak most for `task` against the average of the others, strongest first. */
export function tellingWords(
  { words }: Pick<TextFeatures, 'words'>,
  { task, model }: { readonly task: TaskType; readonly model: TaskModel },
): string[] {
  const column = taskTypes.indexOf(task);
  const first = words.slice(0, mostTellingWords);
  const pairs = first.slice(1).map((word, at) => `${first[at]} ${word}`);
  return [...new Set([...first, ...pairs])]
    .filter((name) => /\p{L}/u.test(name) && !unsaying.test(name))
    .map((name) => ({
      name,
      worth: slotsOfWord(name).reduce((sum, slot) => sum + leadOf(slot, column, model), 0),
    }))
    .filter(({ worth }) => worth > 0)
    .sort((left, right) => right.worth - left.worth)
    .slice(0, 3)
    .map(({ name }) => name.slice(0, 40));
}

/** Words that tell people nothing when they are named alone. */
const unsaying =
  /^(?:the|an?|of|to|in|for|and|or|on|at|by|with|do|does|be|my|me|i|you|it|is|are|s)$/;

/** What a slot says for one task beyond what it says for all. */
function leadOf(slot: number, column: number, { scales, weights }: TaskWeights): number {
  let all = 0;
  for (let other = 0; other < taskTypes.length; other += 1) {
    all += (weights[slot * columns + other] ?? 0) * (scales[other] ?? 0);
  }
  const own = (weights[slot * columns + column] ?? 0) * (scales[column] ?? 0);
  return own - all / taskTypes.length;
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
