import { measureCount } from './measures.ts';

/** Questions that each tree asks, and the answers that it has for their combinations. */
export const treeDepth = 4;
export const leavesOfTree = 2 ** treeDepth;

/**
 * Trees whose branches all ask the same questions: one number per combination of answers and model.
 * Their sum tells what a strong and a weak model are likely to get right.
 */
export interface DifficultyTrees {
  /** `treeDepth` measures for each tree. */
  readonly measures: Uint8Array;
  /** Above which value the answer is yes. */
  readonly thresholds: Float32Array;
  /** For each tree and combination: what it adds for the strong model, and for the weak one. */
  readonly leaves: Float32Array;
  /** Where both begin. */
  readonly biases: Float32Array;
}

/** How likely each model is to be right, 0 to 1. */
export interface Chances {
  readonly strong: number;
  readonly weak: number;
}

/** What both models are likely to make of a text of these measures. */
export function chancesBy(trees: DifficultyTrees, measured: Float32Array): Chances {
  const { biases, leaves } = trees;
  let strong = biases[0] ?? 0;
  let weak = biases[1] ?? 0;
  const count = trees.measures.length / treeDepth;
  for (let tree = 0; tree < count; tree += 1) {
    const leaf = 2 * (tree * leavesOfTree + leafOf(trees, tree, measured));
    strong += leaves[leaf] ?? 0;
    weak += leaves[leaf + 1] ?? 0;
  }
  return { strong: chance(strong), weak: chance(weak) };
}

/** 0 to 1, usual prompts about the middle: how much is won by asking the strong model. */
export const needOfStrong = ({ strong, weak }: Chances) =>
  chance((strong - weak - usualLead) / spreadOfLeads);

function leafOf({ measures, thresholds }: DifficultyTrees, tree: number, measured: Float32Array) {
  let leaf = 0;
  for (let at = tree * treeDepth; at < (tree + 1) * treeDepth; at += 1) {
    const isAbove = (measured[measures[at] ?? 0] ?? 0) > (thresholds[at] ?? 0);
    leaf = 2 * leaf + (isAbove ? 1 : 0);
  }
  return leaf;
}

/** By how much the strong model is usually likelier to be right, and how far prompts lie around that. */
const usualLead = 0.11;
const spreadOfLeads = 0.06;

export const chance = (score: number) => 1 / (1 + Math.exp(-score));

/** Bytes of a tree: its measures, its thresholds and its leaves. */
const treeBytes = treeDepth * 5 + leavesOfTree * 8;

/** Reads trees from the bytes that `encodeTrees` made. Throws when they are of another shape. */
export function decodeTrees(bytes: Uint8Array): DifficultyTrees {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = (bytes.byteLength - 8) / treeBytes;
  const measures = bytes.slice(8, 8 + count * treeDepth);
  if (!Number.isInteger(count) || measures.some((measure) => measure >= measureCount)) {
    throw new Error('The trees of difficulty are of another shape: run npm run train:routing.');
  }
  const numbers = (from: number, length: number) =>
    Float32Array.from({ length }, (_, at) => view.getFloat32(from + at * 4));
  const thresholdsFrom = 8 + measures.length;
  return {
    biases: numbers(0, 2),
    measures,
    thresholds: numbers(thresholdsFrom, count * treeDepth),
    leaves: numbers(thresholdsFrom + count * treeDepth * 4, count * leavesOfTree * 2),
  };
}

export function encodeTrees({ biases, leaves, measures, thresholds }: DifficultyTrees): Uint8Array {
  const numbers = [...thresholds, ...leaves];
  const bytes = new Uint8Array(8 + measures.length + numbers.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [at, bias] of biases.entries()) view.setFloat32(at * 4, bias);
  bytes.set(measures, 8);
  for (const [at, number] of numbers.entries()) {
    view.setFloat32(8 + measures.length + at * 4, number);
  }
  return bytes;
}
