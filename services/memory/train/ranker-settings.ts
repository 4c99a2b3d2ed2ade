import type { Lesson } from './lessons.ts';

/** A chat with an assistant has a fifth of the questions that two friends have. */
const beamCounts = 3;

export function countsOf({ sample }: Lesson): number {
  return sample.set === 'beam' ? beamCounts : 1;
}

/** Columns that need an embedding model: nothing is learnt about them where none is. */
const notLearned: ReadonlySet<string> = new Set(['embedding']);

export function learned(names: readonly string[]): readonly string[] {
  return names.filter((name) => !notLearned.has(name));
}
