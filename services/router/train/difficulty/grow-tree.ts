import { leavesOfTree, treeDepth } from '../../src/app/classify/difficulty/trees.ts';
import type { Binned } from './bin-measures.ts';

/** Of one model and every row: the slope of its loss, and how fast that changes. */
export interface Slopes {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

export interface Split {
  readonly measure: number;
  /** Rows of a higher step than this answer yes. */
  readonly bin: number;
  readonly threshold: number;
}

export interface Grown {
  readonly splits: readonly Split[];
  /** For each combination of answers what it adds for the strong and for the weak model. */
  readonly leaves: Float32Array;
}

interface Ground {
  /** Of the strong model and of the weak one. */
  readonly slopes: readonly Slopes[];
  /** Which rows and measures this tree looks at. */
  readonly rows: readonly number[];
  readonly measures: readonly number[];
  readonly rate: number;
}

/** Draws the answers of few rows towards nothing. */
const calm = 8;
/** Sums per step: slope and change of both models. */
const sums = 4;

/** Grows one tree: at each depth the one question that, asked in every branch, wins most. */
export function growTree(table: Binned, ground: Ground): Grown {
  const leafOfRow = new Uint8Array(table.columns[0]?.length ?? 0);
  const splits: Split[] = [];
  for (let depth = 0; depth < treeDepth; depth += 1) {
    const split = bestSplit(table, ground, { leafOfRow, leaves: 2 ** depth });
    splits.push(split);
    const column = table.columns[split.measure];
    for (const row of ground.rows) {
      leafOfRow[row] = 2 * (leafOfRow[row] ?? 0) + ((column?.[row] ?? 0) > split.bin ? 1 : 0);
    }
  }
  return { splits, leaves: leavesOf(ground, leafOfRow) };
}

interface Branches {
  readonly leafOfRow: Uint8Array;
  readonly leaves: number;
}

function bestSplit(table: Binned, ground: Ground, branches: Branches): Split {
  let best = { measure: 0, bin: 0, won: Number.NEGATIVE_INFINITY };
  for (const measure of ground.measures) {
    const bins = (table.thresholds[measure]?.length ?? 0) + 1;
    const column = table.columns[measure] ?? new Uint8Array(0);
    const counts = countSlopes(column, ground, { ...branches, bins });
    const gains = gainsOf(counts, { bins, leaves: branches.leaves });
    for (const [bin, won] of gains.entries()) if (won > best.won) best = { measure, bin, won };
  }
  const { bin, measure } = best;
  return { bin, measure, threshold: table.thresholds[measure]?.[bin] ?? 0 };
}

/** The sums of slopes by branch and step. */
function countSlopes(
  column: Uint8Array,
  { rows, slopes }: Ground,
  { bins, leafOfRow, leaves }: Branches & { readonly bins: number },
): Float64Array {
  const counts = new Float64Array(leaves * bins * sums);
  for (const [model, { first, second }] of slopes.entries()) {
    for (const row of rows) {
      const at = ((leafOfRow[row] ?? 0) * bins + (column[row] ?? 0)) * sums + 2 * model;
      counts[at] = (counts[at] ?? 0) + (first[row] ?? 0);
      counts[at + 1] = (counts[at + 1] ?? 0) + (second[row] ?? 0);
    }
  }
  return counts;
}

/** For each step what is won, over all branches and both models, by asking who is above it. */
function gainsOf(
  counts: Float64Array,
  { bins, leaves }: { readonly bins: number; readonly leaves: number },
): Float64Array {
  const gains = new Float64Array(Math.max(0, bins - 1));
  for (let leaf = 0; leaf < leaves; leaf += 1) {
    for (let model = 0; model < 2; model += 1) {
      const sumAt = (bin: number, part: number) =>
        counts[(leaf * bins + bin) * sums + 2 * model + part] ?? 0;
      const all = [0, 0];
      for (let bin = 0; bin < bins; bin += 1) {
        all[0] = (all[0] ?? 0) + sumAt(bin, 0);
        all[1] = (all[1] ?? 0) + sumAt(bin, 1);
      }
      let [first, second] = [0, 0];
      for (let bin = 0; bin < gains.length; bin += 1) {
        first += sumAt(bin, 0);
        second += sumAt(bin, 1);
        const other = (all[0] ?? 0) - first;
        const won = first ** 2 / (second + calm) + other ** 2 / ((all[1] ?? 0) - second + calm);
        gains[bin] = (gains[bin] ?? 0) + won;
      }
    }
  }
  return gains;
}

function leavesOf({ rate, rows, slopes }: Ground, leafOfRow: Uint8Array): Float32Array {
  const leaves = new Float32Array(leavesOfTree * 2);
  for (const [model, { first, second }] of slopes.entries()) {
    const [sum, change] = [new Float64Array(leavesOfTree), new Float64Array(leavesOfTree)];
    for (const row of rows) {
      const leaf = leafOfRow[row] ?? 0;
      sum[leaf] = (sum[leaf] ?? 0) + (first[row] ?? 0);
      change[leaf] = (change[leaf] ?? 0) + (second[row] ?? 0);
    }
    for (let leaf = 0; leaf < leavesOfTree; leaf += 1) {
      leaves[2 * leaf + model] = (-rate * (sum[leaf] ?? 0)) / ((change[leaf] ?? 0) + calm);
    }
  }
  return leaves;
}
