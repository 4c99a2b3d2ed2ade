import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeId } from '@mosaic/proto';
import { type Database, openDatabase } from '@mosaic/service-kit';
import { readWordVectors } from '@mosaic/word-vectors';
import { openIndexCache } from '../../src/adapters/recall/index-cache.ts';
import { openRecall, type Recall } from '../../src/adapters/recall/open-recall.ts';
import { builtinVectors } from '../../src/adapters/recall/question-vectors.ts';
import { measureIndex } from '../../src/app/recall/index/measure-index.ts';
import { rankPassages } from '../../src/app/recall/rank/rank-passages.ts';
import { emptyRankedIndex, withPassages } from '../../src/app/recall/rank/ranked-index.ts';
import { type MemoryStore, openMemoryStore } from '../../src/stores/memory-store.ts';
import {
  dropPassages,
  markSuperseded,
  type PassageText,
  writePassages,
} from '../../src/stores/passages/write-passages.ts';
import type { MemoryTables } from '../../src/stores/tables.ts';

const nowMs = Date.UTC(2026, 10, 25, 15);
const table = readWordVectors();

interface Rig {
  readonly store: () => MemoryStore;
  readonly inTransaction: (userId: string, work: (tx: Tx) => Promise<unknown>) => Promise<unknown>;
  readonly write: (userId: string, texts: readonly PassageText[]) => Promise<unknown>;
  readonly search: (userId: string, text: string, options?: object) => ReturnType<Recall['search']>;
  /** Ids of what is found, best first. */
  readonly idsOf: (userId: string, text: string) => Promise<readonly string[]>;
}

type Tx = Parameters<typeof writePassages>[0];

/** What search holds on every PostgreSQL. */
export function claimRecall(name: string, url: string): void {
  const rig = openRig(url);
  claimFinding(name, rig);
  claimChoosing(name, rig);
  claimExactness(name, rig);
  claimRoom(name, rig);
}

function openRig(url: string): Rig {
  let db: Database<MemoryTables>;
  let store: MemoryStore;
  let recall: Recall;

  before(async () => {
    db = openDatabase<MemoryTables>({
      url,
      schema: 'memory',
      role: 'memory_app',
      migrationsDir: join(import.meta.dirname, '..', '..', 'migrations'),
    });
    await db.migrate();
    store = openMemoryStore(db);
    const indexes = openIndexCache(store);
    recall = openRecall({ store, indexes, vectors: builtinVectors, clock: { now: () => nowMs } });
  });
  after(() => db.close());

  const inTransaction: Rig['inTransaction'] = (userId, work) => db.asUser({ userId }, work);
  const search = (userId: string, text: string, options: object = {}) =>
    recall.search(userId, { text, limit: 10, tokenBudget: 2_000, ...options });
  return {
    store: () => store,
    inTransaction,
    write: (userId, texts) => inTransaction(userId, (tx) => writePassages(tx, userId, texts)),
    search,
    idsOf: async (userId, text) => (await search(userId, text)).passages.map(({ id }) => id),
  };
}

function claimFinding(name: string, { write, idsOf }: Rig): void {
  test(`${name}: a text is found in its own language, whatever the others are`, async () => {
    const userId = makeId();
    const said: readonly [string, string, string][] = [
      ['en', 'My sister plays the violin in an orchestra.', 'Who is playing violins?'],
      ['de', 'Ich habe mir gestern zwei graue Katzen gekauft.', 'Welche Katze habe ich?'],
      ['fr', 'Nous avons visité les châteaux de la Loire.', 'Quel château avons-nous vu ?'],
      ['ru', 'Моя собака любит гулять в парке.', 'Что любят собаки?'],
      ['zh', '我最喜欢的城市是杭州，因为西湖很美。', '我喜欢哪个城市？'],
      ['ja', '来週、京都で友達と紅葉を見ます。', '紅葉はどこで見ますか'],
      ['pl', 'Pracuję z komputerami w starej bibliotece.', 'Gdzie jest komputera praca?'],
    ];
    await write(
      userId,
      said.map(([id, text], at) => message(id, text, { position: at })),
    );
    for (const [id, , question] of said) assert.equal((await idsOf(userId, question))[0], id, id);
    assert.deepEqual(await idsOf(userId, 'bicycle'), []);
  });

  test(`${name}: a date in the question finds what was said then, and what names that time`, async () => {
    const userId = makeId();
    const trip = 'We went on a trip to the mountains.';
    await write(userId, [
      message('may', trip, { saidAt: '2026-05-12T10:00:00.000Z', conversationId: 'c1' }),
      message('july', trip.replace('trip', 'long trip'), {
        saidAt: '2026-07-12T10:00:00.000Z',
        conversationId: 'c2',
      }),
      message('told', 'Two weeks ago I took a trip to the sea.', {
        saidAt: '2026-09-20T10:00:00.000Z',
        conversationId: 'c3',
      }),
    ]);
    assert.equal((await idsOf(userId, 'Which trip did I take last May?'))[0], 'may');
    assert.equal((await idsOf(userId, 'Which trip did I take in July 2026?'))[0], 'july');
    assert.equal((await idsOf(userId, 'Which trip did I take on 2 September 2026?'))[0], 'told');
  });

  test(`${name}: who is named in the question is asked for by what they said`, async () => {
    const userId = makeId();
    await write(userId, [
      message('anna', 'I adopted a puppy from the shelter.', { speaker: 'Anna', position: 1 }),
      message('ben', 'A puppy from the shelter, I adopted one as well.', {
        speaker: 'Ben',
        position: 2,
      }),
    ]);
    assert.equal((await idsOf(userId, 'What did Anna adopt?'))[0], 'anna');
    assert.equal((await idsOf(userId, 'What did Ben adopt?'))[0], 'ben');
  });
}

function claimChoosing(name: string, { write, search, idsOf, inTransaction }: Rig): void {
  test(`${name}: what was superseded is told only to who asks about the past`, async () => {
    const userId = makeId();
    await write(userId, [
      memory('old', 'I live in Hamburg.', '2024-01-01T00:00:00.000Z'),
      memory('new', 'I live in Lisbon.', '2026-01-01T00:00:00.000Z'),
    ]);
    const at = '2026-01-01T00:00:00.000Z';
    assert.equal((await idsOf(userId, 'Where do I live?')).length, 2);
    await inTransaction(userId, (tx) => markSuperseded(tx, userId, { sourceIds: ['old'], at }));
    assert.deepEqual(await idsOf(userId, 'Where do I live?'), ['new']);
    assert.deepEqual(
      new Set(await idsOf(userId, 'Where did I live before?')),
      new Set(['old', 'new']),
    );
  });

  test(`${name}: of two memories that fit alike the newer comes first, and the old one is still found`, async () => {
    const userId = makeId();
    await write(userId, [
      memory('lately', 'My bicycle is red.', '2026-11-01T00:00:00.000Z'),
      memory('long ago', 'My bicycle is green.', '2021-11-01T00:00:00.000Z'),
    ]);
    assert.deepEqual(await idsOf(userId, 'Which colour has my bicycle?'), ['lately', 'long ago']);
  });

  test(`${name}: what comes back fits the budget, says nothing twice and joins what belongs together`, async () => {
    const userId = makeId();
    const paragraph = 'The kiln must be fired slowly, and the glaze needs two thin layers of ash. ';
    const long = Array.from({ length: 24 }, (_, at) => `${paragraph}Step ${at} is heat.`).join(' ');
    await write(userId, [
      message('long', long, { role: 'assistant' }),
      message('short', 'I fired the kiln with a new glaze.'),
      message('again', 'I fired the kiln with a new glaze!', { position: 9 }),
    ]);
    const wide = await search(userId, 'How do I fire the kiln?', { tokenBudget: 4_000 });
    const own = wide.passages.filter(({ id }) => id !== 'long');
    assert.equal(own.length, 1, 'one of two that say the same');
    assert.ok(wide.passages.some(({ id, text }) => id === 'long' && text.split('\n').length > 1));
    const narrow = await search(userId, 'How do I fire the kiln?', { tokenBudget: 30 });
    assert.deepEqual(
      narrow.passages.map(({ id }) => id),
      [own[0]?.id],
    );
    const [best] = narrow.passages;
    assert.ok(best !== undefined && best.score > 0 && best.score <= 1);
    assert.ok(Number.isFinite(best?.parts['words']));
  });

  test(`${name}: what was removed is not found, and no other user ever finds it`, async () => {
    const [ada, bob] = [makeId(), makeId()];
    await write(ada, [message('a1', 'The secret recipe has saffron.')]);
    await write(bob, [message('b1', 'The soup recipe has leek.')]);
    assert.deepEqual(await idsOf(ada, 'recipe'), ['a1']);
    assert.deepEqual(await idsOf(bob, 'recipe saffron'), ['b1']);
    const drop = { source: 'message', sourceIds: ['a1'] } as const;
    await inTransaction(ada, (tx) => dropPassages(tx, ada, drop));
    assert.deepEqual(await idsOf(ada, 'recipe'), []);
  });
}

function claimExactness(name: string, { write, search, store }: Rig): void {
  test(`${name}: what a growing index finds is what a look at every row finds`, async () => {
    for (const size of [10, 300, 1_500]) {
      const userId = makeId();
      const texts = Array.from({ length: size }, (_, at) =>
        message(`m${at}`, invented(at), { conversationId: `c${at % 7}`, position: at }),
      );
      for (let from = 0; from < size; from += Math.ceil(size / 3)) {
        await write(userId, texts.slice(from, from + Math.ceil(size / 3)));
        await search(userId, invented(from));
      }
      const { passages } = await store().readPassageNews(userId, null);
      const every = withPassages(emptyRankedIndex(table), passages);
      for (const at of [1, 5, 9]) {
        const text = invented(at * 31)
          .split(' ')
          .slice(0, 5)
          .join(' ');
        const options = { nowMs, table, limit: 10 };
        const wanted = rankPassages(every, text, options).found.filter((one) => one.isRelevant);
        const found = await search(userId, text, { tokenBudget: 100_000 });
        const ids = new Set(found.passages.map(({ id }) => id));
        assert.ok(
          wanted.every(({ passage }) => ids.has(passage.sourceId)),
          `${size} ${text}`,
        );
      }
    }
  });
}

function claimRoom(name: string, { store, write }: Rig): void {
  test(`${name}: indexes in memory are bounded by what is in them, also when passages are few and long`, async () => {
    const room = 2_000_000;
    const indexes = openIndexCache(store(), room);
    const users = [makeId(), makeId(), makeId()];
    for (const userId of users) {
      const unbroken = Array.from({ length: 1_000 }, (_, at) => `part${at}`).join('/');
      await write(userId, [message('long', unbroken)]);
      const { ranked } = await indexes.of(userId);
      assert.equal(ranked.index.passages.length, 1);
    }
    const known = users.map((userId) => indexes.known(userId)?.ranked.index);
    assert.deepEqual(
      known.map((index) => index !== undefined),
      [false, false, true],
      'who asked last stays',
    );
    const bytes = known.flatMap((index) => (index === undefined ? [] : [measureIndex(index)]));
    assert.ok((bytes[0] ?? 0) > room / 2 && (bytes[0] ?? 0) <= room);
  });
}

/** Words of a small world, the same for the same number. */
function invented(seed: number): string {
  const world =
    'garden river violin bread winter lantern paper harbour copper thread orchard signal basket comet marble ladder engine meadow saddle cradle';
  const all = world.split(' ');
  return Array.from({ length: 9 }, (_, at) => all[(seed * 7 + at * at * (seed + 3)) % all.length])
    .concat(`number${seed}`)
    .join(' ');
}

function message(id: string, text: string, given: Partial<PassageText> = {}): PassageText {
  return {
    source: 'message',
    sourceId: id,
    conversationId: 'c1',
    position: 1,
    role: 'user',
    speaker: null,
    saidAt: '2026-11-01T10:00:00.000Z',
    text,
    ...given,
  };
}

function memory(id: string, text: string, saidAt: string): PassageText {
  return message(id, text, { source: 'memory', conversationId: null, position: 0, saidAt });
}
