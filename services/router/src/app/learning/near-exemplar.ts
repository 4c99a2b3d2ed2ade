import type { Exemplar, RouteDecision, TaskProfile } from '@mosaic/proto';
import type { WordVectors } from '@mosaic/word-vectors';
import { scopeText } from '../classify/scope-text.ts';
import { featuresOf } from '../classify/text-features.ts';

/** What a record says of the exemplar that decided. */
export type NearExemplar = NonNullable<RouteDecision['exemplar']>;

/**
 * From this likeness on a message is taken for what the exemplar is. Other wordings of one request
 * reach it, other requests of one task do not: a correction is about messages like this one.
 */
const likeEnough = 0.62;

/** For every feature the exemplars that have it, and how much of it. */
interface Index {
  readonly exemplars: readonly Exemplar[];
  readonly holders: ReadonlyMap<number, { readonly at: number[]; readonly values: number[] }>;
}

/** Policies are kept and asked again and again: their exemplars are taken apart once. */
const indexes = new WeakMap<readonly Exemplar[], Index>();

/** The exemplar that a text is most like, if it is like enough; of equals the first. */
export function nearExemplar(
  text: string,
  exemplars: readonly Exemplar[],
  words: WordVectors,
): NearExemplar | undefined {
  if (exemplars.length === 0) return undefined;
  const index = indexes.get(exemplars) ?? makeIndex(exemplars, words);
  indexes.set(exemplars, index);
  const likenesses = likenessesOf(text, index, words);
  const most = Math.max(...likenesses);
  const best = exemplars[likenesses.indexOf(most)];
  if (best === undefined || most < likeEnough) return undefined;
  const { id, scope, task } = best;
  const likeness = Math.min(1, Math.round(most * 1_000) / 1_000);
  return { id, scope, task, words: best.words.slice(0, 80), likeness };
}

function makeIndex(exemplars: readonly Exemplar[], words: WordVectors): Index {
  const holders = new Map<number, { at: number[]; values: number[] }>();
  for (const [at, exemplar] of exemplars.entries()) {
    for (const [slot, value] of unitOf(exemplar.words, words)) {
      const holder = holders.get(slot) ?? { at: [], values: [] };
      holder.at.push(at);
      holder.values.push(value);
      holders.set(slot, holder);
    }
  }
  return { exemplars, holders };
}

/** The cosine between a text and each exemplar. */
function likenessesOf(text: string, { exemplars, holders }: Index, words: WordVectors) {
  const sums = new Float64Array(exemplars.length);
  for (const [slot, value] of unitOf(text, words)) {
    const holder = holders.get(slot);
    if (holder === undefined) continue;
    const { at, values } = holder;
    for (let nth = 0; nth < at.length; nth += 1) {
      const one = at[nth] ?? 0;
      sums[one] = (sums[one] ?? 0) + value * (values[nth] ?? 0);
    }
  }
  return sums;
}

/** The profile with what a person taught: the exemplar is the sign that decided, and the only one. */
export function taughtBy(profile: TaskProfile, near: NearExemplar): TaskProfile {
  const sign = `like “${near.words.replace(/\s+/g, ' ').slice(0, 60)}”`;
  return {
    ...profile,
    task: near.task,
    confidence: Math.round(near.likeness * 100) / 100,
    cues: [sign],
  };
}

/** The features of a text as a vector of length 1. */
function unitOf(text: string, words: WordVectors): ReadonlyMap<number, number> {
  const { slots, values } = featuresOf(scopeText(text), words);
  const sum = Math.sqrt(values.reduce((total, value) => total + value * value, 0));
  const unit = new Map<number, number>();
  for (const [at, slot] of slots.entries())
    unit.set(slot, (values[at] ?? 0) / (sum === 0 ? 1 : sum));
  return unit;
}
