import { rankPassages } from '@mosaic/memory/app/recall/rank/rank-passages';
import type { PassageText } from '@mosaic/memory/stores/passages/write-passages';
import { indexOf } from '@mosaic/memory/train/lessons';
import { readWordVectors } from '@mosaic/word-vectors';
import { percentileRow, tableHead } from '../percentiles.ts';
import { inventText, seededNumbers } from './invent-texts.ts';
import type { Stand } from './stand.ts';

const users = 100;
const rowsPerUser = 1_000;
const searches = 1_000;
const sizes = [10, 100, 1_000, 5_000, 20_000];
const atOnce = 500;
const nowMs = Date.UTC(2026, 0, 1);

/** Times of searches over 100,000 rows of 100 users, and whether what they find is exact. */
export async function measureSpeed(stand: Stand): Promise<void> {
  const random = seededNumbers(11);
  for (let user = 0; user < users; user += 1) {
    await writeRows(stand, { userId: `speed-${user}`, count: rowsPerUser, random });
  }
  const recall = stand.recallAt(nowMs);
  const ask = async (userId: string) => {
    const startedMs = performance.now();
    await recall.search(userId, { text: inventText(random, 8), limit: 10, tokenBudget: 2_000 });
    return performance.now() - startedMs;
  };
  const cold: number[] = [];
  for (let user = 0; user < users; user += 1) cold.push(await ask(`speed-${user}`));
  const warm: number[] = [];
  for (let count = 0; count < searches; count += 1) {
    warm.push(await ask(`speed-${Math.floor(random() * users)}`));
  }
  console.log(`\n${users * rowsPerUser} rows of ${users} users\n\n${tableHead('ms')}`);
  console.log(percentileRow('first search of a user (index is made)', cold));
  console.log(percentileRow('search', warm));
  await measureExactness(stand, random);
}

async function writeRows(
  stand: Stand,
  rows: { readonly userId: string; readonly count: number; readonly random: () => number },
): Promise<void> {
  for (let from = 0; from < rows.count; from += atOnce) {
    const some = Array.from(
      { length: Math.min(atOnce, rows.count - from) },
      (_, at): PassageText => {
        const number = from + at;
        return {
          source: 'message',
          sourceId: `m${number}`,
          conversationId: `c${Math.floor(number / 40)}`,
          position: number,
          role: number % 2 === 0 ? 'user' : 'assistant',
          speaker: null,
          saidAt: new Date(nowMs - (rows.count - number) * 3_600_000).toISOString(),
          text: inventText(rows.random, 12 + Math.floor(rows.random() * 30)),
        };
      },
    );
    await stand.writeTexts(rows.userId, some);
  }
}

/** The search, over an index that grew with its rows, against a look at every row read anew. */
async function measureExactness(stand: Stand, random: () => number): Promise<void> {
  console.log('\n| rows of the user | recall@10 against every row | ms, index made | ms, p50 |');
  console.log('| --- | --- | --- | --- |');
  for (const size of sizes) {
    const userId = `exact-${size}`;
    const recall = stand.recallAt(nowMs);
    for (const part of [Math.ceil(size / 2), Math.floor(size / 2)]) {
      await writeRows(stand, { userId: userId, count: part === 0 ? 0 : part, random });
      await recall.search(userId, { text: 'begin', limit: 1, tokenBudget: 100 });
    }
    const { passages } = await stand.store.readPassageNews(userId, null);
    const startedMs = performance.now();
    const every = indexOf(passages);
    const madeMs = performance.now() - startedMs;
    let [found, wanted] = [0, 0];
    const times: number[] = [];
    for (let count = 0; count < 20; count += 1) {
      const text = inventText(random, 6);
      const askedMs = performance.now();
      const { passages: got } = await recall.search(userId, {
        text,
        limit: 10,
        tokenBudget: 50_000,
      });
      times.push(performance.now() - askedMs);
      const options = { nowMs, table: readWordVectors(), limit: every.index.passages.length };
      const best = rankPassages(every, text, options).found;
      const expected = best.filter(({ isRelevant }) => isRelevant).slice(0, got.length);
      const ids = new Set(got.map(({ id }) => id));
      wanted += expected.length;
      found += expected.filter(({ passage }) => ids.has(passage.sourceId)).length;
    }
    const median = times.toSorted((left, right) => left - right)[10] ?? 0;
    const recallAt10 = (found / Math.max(1, wanted)).toFixed(3);
    console.log(`| ${size} | ${recallAt10} | ${madeMs.toFixed(0)} | ${median.toFixed(1)} |`);
  }
}
