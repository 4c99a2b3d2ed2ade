import { wordDimensions } from '@mosaic/word-vectors';
import { hashedSlots, hashFeature, spaces } from './hash-feature.ts';
import { SlotTally } from './slot-tally.ts';

/** Where the meaning of all words stands among the slots, and behind it the measures. */
const meaningFrom = hashedSlots;
const measuresFrom = hashedSlots + 2 * wordDimensions;

type Measure = (text: string) => number;
const seen =
  (pattern: RegExp): Measure =>
  (text) =>
    pattern.test(text) ? 0.5 : 0;

/** What makes a question hard or easy besides its subject, each about 0 to 1. */
const measures: readonly Measure[] = [
  (text) => Math.log(text.length + 1) / 10,
  (text) => Math.min(1, (text.match(/\d+/g) ?? []).length / 20),
  seen(/\b(?:not|except|least|never|no|false|incorrect)\b/i),
  seen(/\nA[.)] *[-\d.$]+ *\n/),
  seen(/_{2,}/),
  seen(/[?？]/),
  seen(/\n/),
  seen(/\n\(?[A-D][.)]/),
  seen(/[=^√∑]/),
  seen(/\b(?:I|my)\b/),
  seen(/\bfollowing\b/i),
  seen(/\b(?:scenario|suppose|assume|if)\b/i),
];
export const difficultyMeasures = measures.length;

export interface DifficultyFeatures {
  readonly slots: readonly number[];
  readonly values: readonly number[];
}

const tally = new SlotTally(hashedSlots);

/**
 * How hard a text is depends on all of it: every word counts alike, unlike for its task. `meaning`
 * is that of the words, when one is known.
 */
export function difficultyFeaturesOf(
  text: string,
  words: readonly string[],
  meaning: Float64Array | null,
): DifficultyFeatures {
  const slots: number[] = [];
  const values: number[] = [];
  for (const word of words) tally.add(hashFeature('subject', word), 1);
  tally.flush(spaces.subject.length, slots, values);
  for (let at = 0; at + 1 < words.length; at += 1) {
    tally.add(hashFeature('subject-pair', `${words[at]} ${words[at + 1]}`), 1);
  }
  tally.flush(spaces['subject-pair'].length, slots, values);
  for (const [dimension, value] of meaning?.entries() ?? []) {
    slots.push(meaningFrom + dimension);
    values.push(value);
  }
  for (const [at, measure] of measures.entries()) {
    const value = measure(text);
    if (value === 0) continue;
    slots.push(measuresFrom + at);
    values.push(value);
  }
  return { slots, values };
}

/** By how much the strong model is usually likelier to be right, and how far prompts lie around that. */
const usualLead = 0.125;
const spreadOfLeads = 0.04;

/** 0 to 1, usual prompts about the middle: how much a prompt needs the strong model. */
export function needOfStrong(rightBy: { readonly strong: number; readonly weak: number }): number {
  const lead = chance(rightBy.strong) - chance(rightBy.weak);
  return chance((lead - usualLead) / spreadOfLeads);
}

const chance = (score: number) => 1 / (1 + Math.exp(-score));
