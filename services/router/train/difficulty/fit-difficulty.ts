import { measureCount } from '../../src/app/classify/difficulty/measures.ts';
import {
  type DifficultyTrees,
  leavesOfTree,
  treeDepth,
} from '../../src/app/classify/difficulty/trees.ts';
import type { DifficultyRow } from '../read-rows.ts';
import { seeded } from '../seeded.ts';
import { type Binned, binned } from './bin-measures.ts';
import { type Grown, growTree, type Slopes } from './grow-tree.ts';

/** The measures of a prompt. */
export type Measured = (prompt: string) => Float32Array;

const trees = 240;
const rate = 0.04;
/** Each tree looks at some of the rows and at some of the measures: together they err less. */
const rowsPerTree = 0.7;
const measuresPerTree = 0.35;

/**
 * Learns what the strong and the weak model get right, together: each tree asks what tells most
 * about both. One is better than the other where prompts are neither easy nor hopeless, and neither
 * the difference by itself nor a straight line can say that.
 */
export function fitDifficulty(
  rows: readonly DifficultyRow[],
  { measured, seed }: { readonly measured: Measured; readonly seed: number },
): DifficultyTrees {
  const table = binned(rows.map((row) => measured(row.prompt)));
  const wanted = [
    Float64Array.from(rows, (row) => Number(row.strongOk)),
    Float64Array.from(rows, (row) => Number(row.weakOk)),
  ];
  const biases = Float32Array.from(wanted, logitOfMean);
  const scores = wanted.map((all, model) => new Float64Array(all.length).fill(biases[model] ?? 0));
  const random = seeded(seed);
  const grown: Grown[] = [];
  for (let tree = 0; tree < trees && rows.length > 0; tree += 1) {
    const one = growTree(table, {
      slopes: scores.map((score, model) => slopesOf(score, wanted[model] ?? score)),
      rows: someOf(rows.length, rowsPerTree, random),
      measures: someOf(measureCount, measuresPerTree, random),
      rate,
    });
    addTo(scores, one, table);
    grown.push(one);
  }
  return joined(grown, biases);
}

function logitOfMean(wanted: Float64Array): number {
  const mean = (wanted.reduce((sum, one) => sum + one, 0) + 1) / (wanted.length + 2);
  return Math.log(mean / (1 - mean));
}

/** How far each score is from the truth, and how fast that changes. */
function slopesOf(scores: Float64Array, wanted: Float64Array): Slopes {
  const first = new Float64Array(scores.length);
  const second = new Float64Array(scores.length);
  for (let row = 0; row < scores.length; row += 1) {
    const chance = 1 / (1 + Math.exp(-(scores[row] ?? 0)));
    first[row] = chance - (wanted[row] ?? 0);
    second[row] = chance * (1 - chance);
  }
  return { first, second };
}

function someOf(count: number, share: number, random: () => number): number[] {
  return [...Array(count).keys()].filter(() => random() < share);
}

function addTo(scores: readonly Float64Array[], { leaves, splits }: Grown, { columns }: Binned) {
  const rows = scores[0]?.length ?? 0;
  for (let row = 0; row < rows; row += 1) {
    let leaf = 0;
    for (const { bin, measure } of splits) {
      leaf = 2 * leaf + ((columns[measure]?.[row] ?? 0) > bin ? 1 : 0);
    }
    for (const [model, score] of scores.entries()) {
      score[row] = (score[row] ?? 0) + (leaves[2 * leaf + model] ?? 0);
    }
  }
}

function joined(grown: readonly Grown[], biases: Float32Array): DifficultyTrees {
  const splits = grown.flatMap((tree) => tree.splits);
  const leaves = new Float32Array(grown.length * leavesOfTree * 2);
  for (const [at, tree] of grown.entries()) leaves.set(tree.leaves, at * leavesOfTree * 2);
  if (splits.length !== grown.length * treeDepth) throw new Error('A tree lacks questions.');
  return {
    biases,
    leaves,
    measures: Uint8Array.from(splits, ({ measure }) => measure),
    thresholds: Float32Array.from(splits, ({ threshold }) => threshold),
  };
}
