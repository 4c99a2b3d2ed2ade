import { addUp } from '@mosaic/memory/app/recall/rank/rank-passages';
import { type Ranker, type Weights, weightsFor } from '@mosaic/memory/app/recall/rank/ranker';
import type { Sample } from '@mosaic/memory/train/benchmarks';
import { fitRanker } from '@mosaic/memory/train/fit-ranker';
import { indexOf, type Lesson, lessonsOf } from '@mosaic/memory/train/lessons';
import { countsOf, learned } from '@mosaic/memory/train/ranker-settings';
import { figuresHead, figuresRow, type Ranking } from './figures.ts';
import { type Stand, userOf } from './stand.ts';

/** BEAM's chats are left out two at a time: the figures are the same, the wait is half. */
const chatsAtOnce = 2;

/** Its figures are told by category too. */
const wholeRanker = 'learnt, sample left out';

/** Columns that know what words mean. */
const isMeaning = (name: string) => /^(?:meaning|soft|preferenceSoft|standingSoft)/.test(name);

/**
 * Figures for samples that the weights have not seen: learnt without each of them and asked of it,
 * from the service's own rows. Beside it words alone, vectors alone, and each set by the other's weights.
 */
export async function judgeUnseen(stand: Stand, samples: readonly Sample[]): Promise<void> {
  const lessons: Lesson[] = [];
  for (const sample of samples) {
    const news = await stand.store.readPassageNews(userOf(sample), null);
    lessons.push(...lessonsOf(sample, indexOf(news.passages)));
  }
  const names = learned(Object.keys(lessons[0]?.columns ?? {}));
  const learn = (some: readonly Lesson[], which = names) =>
    fitRanker(some, { names: which, weightOf: countsOf });
  const groups = groupsOf(samples);
  const leftOut = (which: readonly string[]) => {
    const known = new Map<readonly Sample[], Ranker>();
    return ({ sample, namedShare }: Lesson): Weights => {
      const group = groups.find((one) => one.includes(sample)) ?? [];
      const seen = lessons.filter((lesson) => !group.includes(lesson.sample));
      const ranker = known.get(group) ?? learn(seen, which);
      known.set(group, ranker);
      return weightsFor(ranker, namedShare);
    };
  };
  const bySet = Object.groupBy(lessons, ({ sample }) => sample.set);
  // Each by the weights of its own kind would know nothing: nobody taught them.
  const cross = {
    locomo: learn(bySet.beam ?? []).assistant,
    beam: learn(bySet.locomo ?? []).named,
  };
  const rankers: readonly (readonly [string, (lesson: Lesson) => Weights])[] = [
    ['BM25 alone', () => ({ own: 1 })],
    ['static vectors alone', () => ({ meaning: 1 })],
    ['learnt, sample left out, words only', leftOut(names.filter((name) => !isMeaning(name)))],
    [wholeRanker, leftOut(names)],
    ['learnt on the other set', ({ sample }) => cross[sample.set]],
  ];
  for (const [set, some = []] of Object.entries(bySet)) {
    console.log(`\n${set}, unseen\n\n${figuresHead}`);
    const judged = some.filter(({ question }) => set === 'beam' || question.category !== '5');
    for (const [name, weigh] of rankers) {
      console.error(`${set}: ${name}`);
      const rankings = judged.map((lesson) => rank(lesson, weigh(lesson)));
      console.log(figuresRow(name, rankings));
      if (name !== wholeRanker) continue;
      const byCategory = Object.groupBy(rankings, ({ question }) => question.category);
      for (const [category, of = []] of Object.entries(byCategory)) {
        console.log(figuresRow(`… ${category}`, of));
      }
    }
  }
}

function groupsOf(samples: readonly Sample[]): readonly (readonly Sample[])[] {
  const friends = samples.filter(({ set }) => set === 'locomo').map((sample) => [sample]);
  const chats = samples.filter(({ set }) => set === 'beam');
  const pairs = chats.flatMap((_, at) =>
    at % chatsAtOnce === 0 ? [chats.slice(at, at + chatsAtOnce)] : [],
  );
  return [...friends, ...pairs];
}

function rank({ question, columns, ids }: Lesson, weights: Weights): Ranking {
  const scores = addUp(columns, ids.length, weights);
  const best = new Map<string, number>();
  for (const [at, id] of ids.entries()) {
    best.set(id, Math.max(best.get(id) ?? Number.NEGATIVE_INFINITY, scores[at] ?? 0));
  }
  const ranked = [...best].sort(([, left], [, right]) => right - left).map(([id]) => id);
  return { question, ranked };
}
