import type { Recall } from '@mosaic/memory/adapters/recall/open-recall';
import type { Sample } from '@mosaic/memory/train/benchmarks';
import type { Ranking } from './figures.ts';
import { userOf } from './stand.ts';

/** More pieces than messages are wanted: several may be of one message. */
const pieces = 80;
const messages = 20;

export interface TimedRanking extends Ranking {
  readonly sample: Sample;
  /** Number of the question in its sample, from 0. */
  readonly number: number;
  /** Ids as the benchmark writes them. */
  readonly ids: readonly (string | number)[];
  /** The whole search, in millionths of a second. */
  readonly us: number;
}

/** Asks every question of a sample by the service's own search. Evidence and answers are not looked at. */
export async function rankSample(recall: Recall, sample: Sample): Promise<readonly TimedRanking[]> {
  const idOf = new Map(sample.messages.map(({ id }) => [String(id), id]));
  const rankings: TimedRanking[] = [];
  for (const [number, question] of sample.questions.entries()) {
    const startedMs = performance.now();
    const found = await recall.search(userOf(sample), {
      text: question.text,
      limit: pieces,
      tokenBudget: 100_000,
    });
    const us = Math.round((performance.now() - startedMs) * 1_000);
    const ranked = [...new Set(found.passages.map(({ id }) => id))].slice(0, messages);
    const ids = ranked.flatMap((id) => idOf.get(id) ?? []);
    rankings.push({ sample, number, question, ranked, ids, us });
  }
  return rankings;
}
