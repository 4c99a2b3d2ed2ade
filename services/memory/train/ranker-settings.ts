import type { Lesson } from './lessons.ts';

/** A chat with an assistant has a fifth of the questions that two friends have. */
const beamCounts = 3;

export function countsOf({ sample }: Lesson): number {
  return sample.set === 'beam' ? beamCounts : 1;
}

/**
 * Weights set by hand, because the benchmarks can't teach them: no embedding model runs where this is
 * learnt (its column is in deviations above the usual), and their questions are about old times.
 */
export const setByHand: Readonly<Record<string, number>> = { embedding: 0.5, recency: 0.3 };

/**
 * Of chats with an assistant alone: those of the benchmark come without times and are given invented
 * ones, from which nothing about dates can be learnt. Who names a time wants what was said then.
 */
export const assistantByHand: Readonly<Record<string, number>> = { date: 2, dateMentioned: 0.25 };

export function learned(names: readonly string[]): readonly string[] {
  return names.filter((name) => setByHand[name] === undefined);
}
