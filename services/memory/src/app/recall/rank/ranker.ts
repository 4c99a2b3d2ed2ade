import ranker from '../../../../model/ranker.json' with { type: 'json' };
import type { UserIndex } from '../index/user-index.ts';

/** What each column counts, by its name. */
export type Weights = Readonly<Record<string, number>>;

/**
 * The weights of ranking. People who chat under their names tell things in short turns to each other;
 * with an assistant long answers stand between a person's own words, so other evidence counts there.
 */
export interface Ranker {
  readonly assistant: Weights;
  readonly named: Weights;
}

export const shippedRanker: Ranker = ranker;

/** The share of messages that name their speaker, from 0 to 1. */
export function namedShareOf({ passages }: UserIndex): number {
  const messages = passages.filter(({ source }) => source === 'message');
  const named = messages.filter(({ speaker }) => speaker !== null);
  return named.length / Math.max(1, messages.length);
}

/** Those of either kind where there is only that; in between for somebody who has both. */
export function weightsFor({ assistant, named }: Ranker, namedShare: number): Weights {
  return Object.fromEntries(
    Object.entries(assistant).map(([name, weight]) => [
      name,
      weight + namedShare * ((named[name] ?? 0) - weight),
    ]),
  );
}
