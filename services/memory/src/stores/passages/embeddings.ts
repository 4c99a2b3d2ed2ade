import type { Database } from '@mosaic/service-kit';
import { sql, type Transaction } from 'kysely';
import { type ChosenModel, chooseModel } from '../../app/recall/embeddings/choose-model.ts';
import type { VectorSet } from '../../app/recall/embeddings/compare-vectors.ts';
import type { MemoryTables } from '../tables.ts';

/** A text that has no vector of a model yet. */
export interface Unembedded {
  readonly hash: Buffer;
  readonly text: string;
}

/** How far the vectors of a user's passages have come. */
export interface Coverage {
  /** Different texts of the user. */
  readonly texts: number;
  /** How many of them have a vector, by model. */
  readonly models: readonly { readonly model: string; readonly texts: number }[];
}

/** Newest first: what was just said is asked for soonest. */
export async function listUnembedded(
  db: Database<MemoryTables>,
  userId: string,
  want: { readonly model: string; readonly limit: number },
): Promise<readonly Unembedded[]> {
  const { rows } = await db.asUser({ userId }, (tx) =>
    sql<Unembedded>`
      select hash, min(text) as text from passage
      where user_id = ${userId} and not exists (
        select from embedding
        where embedding.user_id = passage.user_id and embedding.model = ${want.model}
          and embedding.hash = passage.hash
      )
      group by hash order by max(version) desc limit ${want.limit}`.execute(tx),
  );
  return rows;
}

export interface NewVectors {
  readonly model: string;
  readonly width: number;
  readonly rows: readonly { readonly hash: Buffer; readonly vector: Float32Array }[];
}

/**
 * Keeps vectors, each for as long as a passage has its text. Those of the same name but another width
 * are of another model and go.
 */
export function saveEmbeddings(
  db: Database<MemoryTables>,
  userId: string,
  { model, width, rows }: NewVectors,
): Promise<void> {
  const hashes = rows.map(({ hash }) => hash);
  const vectors = rows.map(({ vector }) =>
    Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength),
  );
  return db.asUser({ userId }, async (tx) => {
    await tx
      .deleteFrom('embedding')
      .where('user_id', '=', userId)
      .where('model', '=', model)
      .where('width', '<>', width)
      .execute();
    await sql`
      insert into embedding (user_id, model, hash, width, vector)
      select ${userId}, ${model}, row.hash, ${width}, row.vector
      from unnest(${hashes}::bytea[], ${vectors}::bytea[]) as row (hash, vector)
      where exists (select from passage where user_id = ${userId} and passage.hash = row.hash)
      on conflict do nothing`.execute(tx);
  });
}

/** Removes the vectors of all models but one. */
export async function dropOtherModels(
  db: Database<MemoryTables>,
  userId: string,
  model: string,
): Promise<void> {
  await db.asUser({ userId }, (tx) =>
    tx.deleteFrom('embedding').where('user_id', '=', userId).where('model', '<>', model).execute(),
  );
}

export async function readCoverage(db: Database<MemoryTables>, userId: string): Promise<Coverage> {
  return db.asUser({ userId }, (tx) => coverageIn(tx, userId));
}

/** One statement: each takes its turn among everybody's on the embedded database. */
async function coverageIn(tx: Transaction<MemoryTables>, userId: string): Promise<Coverage> {
  const { rows } = await sql<Coverage>`
    select (select count(distinct hash) from passage where user_id = ${userId}) as texts,
      coalesce((
        select jsonb_agg(jsonb_build_object('model', model, 'texts', texts)) from (
          select model, count(*) as texts from embedding
          where user_id = ${userId} group by model
        ) as counted
      ), '[]') as models`.execute(tx);
  return rows[0] ?? { texts: 0, models: [] };
}

/** The vectors that searches of a user compare, and of which model they are; null where there are none. */
export interface ComparableVectors {
  readonly chosen: ChosenModel | null;
  readonly set: VectorSet | null;
}

/**
 * Chooses the model and reads its vectors, in one transaction; what `known` holds already is not read
 * again. `wanted`: the installation's own model.
 */
export function readComparable(
  db: Database<MemoryTables>,
  userId: string,
  { known, wanted }: { readonly wanted: string; readonly known: VectorSet | null },
): Promise<ComparableVectors> {
  return db.asUser({ userId }, async (tx) => {
    const coverage = await coverageIn(tx, userId);
    const chosen = chooseModel(wanted, coverage);
    if (chosen === null) return { chosen, set: null };
    const { model } = chosen;
    const texts = coverage.models.find((one) => one.model === model)?.texts ?? 0;
    const before = known?.model === model ? known : null;
    const isWhole = before?.vectors.size === texts;
    return { chosen, set: isWhole ? before : await vectorsIn(tx, userId, { model, before }) };
  });
}

async function vectorsIn(
  tx: Transaction<MemoryTables>,
  userId: string,
  { before, model }: { readonly model: string; readonly before: VectorSet | null },
): Promise<VectorSet> {
  const hashes = [...(before?.vectors.keys() ?? [])].map((hash) => Buffer.from(hash, 'base64'));
  const rows = await tx
    .selectFrom('embedding')
    .select(['hash', 'width', 'vector'])
    .where('user_id', '=', userId)
    .where('model', '=', model)
    .where(sql<boolean>`hash <> all(${hashes}::bytea[])`)
    .execute();
  const width = rows[0]?.width ?? before?.width ?? 0;
  const old = before?.width === width ? before.vectors : new Map<string, Float32Array>();
  const vectors = new Map(old);
  for (const row of rows) {
    // Copied, because a float array must begin at a multiple of four bytes.
    const bytes = Uint8Array.from(row.vector);
    vectors.set(row.hash.toString('base64'), new Float32Array(bytes.buffer));
  }
  return { model, width, vectors };
}
