import type { IndexedPassage } from '../index/passage.ts';

/** Vectors of one model and one width, by the hash of their text; each of length 1. */
export interface VectorSet {
  readonly model: string;
  readonly width: number;
  readonly vectors: ReadonlyMap<string, Float32Array>;
}

/**
 * How alike each passage is to a question, in standard deviations above the usual of this user's
 * passages: models differ in what they call near. 0 for a passage that has no vector.
 */
export function compareVectors(
  passages: readonly IndexedPassage[],
  { vectors }: VectorSet,
  question: Float32Array,
): Float32Array<ArrayBuffer> {
  const likeness = Float32Array.from(passages, ({ hash }) => {
    const vector = vectors.get(hash);
    return vector?.length === question.length ? product(vector, question) : Number.NaN;
  });
  const known = likeness.filter((one) => !Number.isNaN(one));
  const mean = known.reduce((sum, one) => sum + one, 0) / Math.max(1, known.length);
  const spread = Math.sqrt(
    known.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, known.length),
  );
  return likeness.map((one) => (Number.isNaN(one) ? 0 : (one - mean) / Math.max(0.01, spread)));
}

function product(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

/** The same direction with length 1; null for a vector of zeros or of what is no number. */
export function normalized(vector: readonly number[]): Float32Array | null {
  const length = Math.hypot(...vector);
  if (!Number.isFinite(length) || length === 0) return null;
  return Float32Array.from(vector, (one) => one / length);
}
