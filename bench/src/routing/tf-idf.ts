import { hashFeature } from '@mosaic/router/app/classify/hash-feature';
import type { Vectors } from '@mosaic/router/train/fit-task-model';

type Counts = ReadonlyMap<number, number>;

/**
 * The usual baseline: words and pairs of them, and within words runs of three to five letters, each
 * weighed by how rare it is among the prompts learned from. Knows nothing of scope, cues or meaning.
 */
export function tfIdfOf(lessons: readonly string[]): Vectors {
  const prompts = new Set(lessons);
  const holders = new Map<number, number>();
  for (const prompt of prompts) {
    for (const part of countsOf(prompt)) {
      for (const slot of part.keys()) holders.set(slot, (holders.get(slot) ?? 0) + 1);
    }
  }
  const rarity = (slot: number) =>
    1 + Math.log((1 + prompts.size) / (1 + (holders.get(slot) ?? 0)));
  return (prompt) => {
    const slots: number[] = [];
    const values: number[] = [];
    for (const part of countsOf(prompt)) {
      const weighed = [...part].map(([slot, count]) => (1 + Math.log(count)) * rarity(slot));
      const norm = Math.hypot(...weighed);
      slots.push(...part.keys());
      values.push(...weighed.map((value) => value / norm));
    }
    return { slots: Int32Array.from(slots), values: Float32Array.from(values) };
  };
}

function countsOf(prompt: string): readonly Counts[] {
  const words =
    prompt
      .slice(0, 6_000)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`);
  const pieces = words.flatMap((word) => piecesOf(` ${word} `));
  return [counted('word', [...words, ...pairs]), counted('chars', pieces)];
}

function piecesOf(word: string): string[] {
  return [3, 4, 5].flatMap((size) =>
    Array.from({ length: Math.max(0, word.length - size + 1) }, (_, at) =>
      word.slice(at, at + size),
    ),
  );
}

function counted(space: 'word' | 'chars', features: readonly string[]): Counts {
  const counts = new Map<number, number>();
  for (const feature of features) {
    const slot = hashFeature(space, feature);
    counts.set(slot, (counts.get(slot) ?? 0) + 1);
  }
  return counts;
}
