import { join } from 'node:path';
import { type Database, openDatabase } from '@mosaic/service-kit';
import { sql } from 'kysely';
import { openMemoryStore } from '../../src/stores/memory-store.ts';
import type { MemoryTables } from '../../src/stores/tables.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { draftOf } from './operations.ts';

export interface Interleaving {
  readonly url: string;
  readonly requests: number;
  /** Requests that are under way at the same time. */
  readonly clients: number;
  readonly users: number;
  /** A statement may take so long; some are made to take longer. 1,500 when left out. */
  readonly statementTimeoutMs?: number;
  /** Called now and then, for a sign of life. */
  readonly tell?: (done: number) => void;
}

export interface Interleaved {
  readonly requests: number;
  readonly byKind: Readonly<Record<string, number>>;
  /** Rows of somebody else that a request saw, or that were written for somebody else. */
  readonly foreignRows: number;
  /** Rows of transactions that were aborted and are there all the same. */
  readonly abortedRows: number;
  readonly failures: number;
  readonly cutConnections: number;
}

const usualStatementTimeoutMs = 1_500;
const cutEvery = 250;

/**
 * Many requests of many people at once on few connections, with transactions that abort, statements that
 * fail or take too long, and connections that break. What matters is whose rows anybody sees.
 */
export async function interleave(wish: Interleaving): Promise<Interleaved> {
  const proxy = await startCuttingProxy(wish.url);
  const { statementTimeoutMs = usualStatementTimeoutMs } = wish;
  const db = openDatabase<MemoryTables>({
    url: proxy.url,
    schema: 'memory',
    role: 'memory_app',
    migrationsDir: join(import.meta.dirname, '..', '..', 'migrations'),
    poolSize: 16,
    statementTimeoutMs,
  });
  await db.migrate();
  const tally = { foreignRows: 0, failures: 0, cutConnections: 0, done: 0 };
  const byKind: Record<string, number> = {};
  const random = randomFrom(20_261_125);
  const work = async () => {
    while (tally.done < wish.requests) {
      tally.done += 1;
      const request = tally.done;
      if (request % cutEvery === 0) {
        proxy.cutOne(Math.floor(random() * 1_000));
        tally.cutConnections += 1;
      }
      if (request % 5_000 === 0) wish.tell?.(request);
      const user = `user-${Math.floor(random() * wish.users)}`;
      const kind = pickKind(random());
      byKind[kind] = (byKind[kind] ?? 0) + 1;
      try {
        tally.foreignRows += await kinds[kind](db, user, request);
      } catch {
        tally.failures += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: wish.clients }, work));
  await db.close();
  await proxy.stop();
  const { aborted, foreign } = await inspect(wish);
  const { done, ...counts } = tally;
  return {
    ...counts,
    requests: done,
    byKind,
    foreignRows: counts.foreignRows + foreign,
    abortedRows: aborted,
  };
}

type Db = Database<MemoryTables>;
/** One kind of request; answers how many rows of somebody else it saw. */
type Kind = (db: Db, user: string, request: number) => Promise<number>;

const mark = (user: string) => `of ${user} number`;
const abortedMark = 'aborted';
const countForeign = (rows: readonly { user_id: string }[], user: string) =>
  rows.filter((row) => row.user_id !== user).length;

/** Reads that forgot their filter: only row level security stands between the people. */
async function readAll(db: Db, user: string): Promise<number> {
  const rows = await db.asUser({ userId: user }, (tx) =>
    tx.selectFrom('memory').select(['user_id', 'text']).limit(50).execute(),
  );
  const wrong = rows.filter((row) => !row.text.includes(mark(user))).length;
  return countForeign(rows, user) + wrong;
}

const kinds = {
  readAll,
  async list(db, user) {
    const query = { limit: 20, after: null, kind: undefined, withSuperseded: true };
    const found = await openMemoryStore(db).listMemories(user, query);
    return found.filter((one) => !one.text.includes(mark(user))).length;
  },
  async save(db, user, request) {
    // Few different texts, so that the tables stay small and the same is saved at once by many.
    const text = `${mark(user)} ${request % 40}`;
    const { memory } = await openMemoryStore(db).saveMemory(user, draftOf(text));
    return memory.text === text ? 0 : 1;
  },
  async twoSteps(db, user) {
    return db.asUser({ userId: user }, async (tx) => {
      const first = await tx.selectFrom('memory').select('user_id').limit(5).execute();
      await sql`select pg_sleep(0)`.execute(tx);
      const second = await tx.selectFrom('passage').select('user_id').limit(5).execute();
      return countForeign([...first, ...second], user);
    });
  },
  async abort(db, user, request) {
    await db.asUser({ userId: user }, async (tx) => {
      const text = `${abortedMark} ${mark(user)} ${request}`;
      const row = { user_id: user, id: `aborted-${request}`, kind: 'fact', text } as const;
      await tx
        .insertInto('memory')
        .values({
          ...row,
          fingerprint: text,
          conversation_id: null,
          message_ids: [],
          valid_from: null,
          valid_to: null,
          confidence: 1,
          extractor: 'person',
          extractor_version: null,
        })
        .execute();
      throw new Error('the work broke off');
    });
    return 0;
  },
  async fail(db, user) {
    await db.asUser({ userId: user }, async (tx) => {
      await sql`select 1 / 0`.execute(tx);
    });
    return 0;
  },
  async tooSlow(db, user) {
    await db.asUser({ userId: user }, async (tx) => {
      await sql`select pg_sleep(1.7)`.execute(tx);
    });
    return 0;
  },
  async nobody(db) {
    const rows = await db.asService((tx) => tx.selectFrom('memory').select('user_id').execute());
    return rows.length;
  },
} as const satisfies Record<string, Kind>;

const shares: readonly (readonly [keyof typeof kinds, number])[] = [
  ['readAll', 0.4],
  ['list', 0.6],
  ['save', 0.75],
  ['twoSteps', 0.87],
  ['abort', 0.93],
  ['fail', 0.96],
  ['tooSlow', 0.9601],
  ['nobody', 1],
];

function pickKind(share: number): keyof typeof kinds {
  return shares.find(([, upTo]) => share < upTo)?.[0] ?? 'readAll';
}

/** Looks at all rows afterwards, as who owns the tables. */
async function inspect({ url, users }: Interleaving) {
  const db = openDatabase<MemoryTables>({
    url,
    schema: 'memory',
    role: 'memory_app',
    migrationsDir: join(import.meta.dirname, '..', '..', 'migrations'),
  });
  let foreign = 0;
  let aborted = 0;
  for (let index = 0; index < users; index += 1) {
    const user = `user-${index}`;
    const rows = await db.asUser({ userId: user }, (tx) =>
      tx.selectFrom('memory').select(['user_id', 'text']).where('user_id', '=', user).execute(),
    );
    foreign += rows.filter((row) => !row.text.includes(mark(user))).length;
    aborted += rows.filter((row) => row.text.startsWith(abortedMark)).length;
  }
  await db.close();
  return { foreign, aborted };
}

/** The same numbers at every run: what was found once can be looked for again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
