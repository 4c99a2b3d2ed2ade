import { type CatalogueNews, catalogueNewsSchema } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { type ColumnType, sql } from 'kysely';
import {
  type Look,
  type LookBefore,
  lookBeforeSchema,
  type RefreshReport,
} from '../app/cards/report-news.ts';

/** Written as JSON text; read as what some version of Mosaic wrote, so it is checked. */
type Json = ColumnType<unknown, string, string>;

/** The part of the schema `providers` that belongs to no user: what all replicas saw last. */
export interface CatalogueTables {
  catalogue_seen: {
    provider: string;
    seen_at: ColumnType<Date, string, string>;
    models: Json;
    disagreements: Json;
  };
  catalogue_news: { id: number; news: Json };
}

export interface KeepLooks {
  readonly at: string;
  readonly looks: readonly Look[];
  /** Pure: runs inside the transaction, between reading what was and writing what is. */
  compare(before: ReadonlyMap<string, LookBefore>): RefreshReport;
}

export function openCatalogueStore(db: Database<CatalogueTables>) {
  return {
    keep: (keeping: KeepLooks) => keepLooks(db, keeping),
    readNews: () => readNews(db),
  };
}

/**
 * Compares with what was seen last and keeps what is seen now, in one transaction and under a lock: of
 * two replicas that look at once, the second compares with the first.
 */
function keepLooks(db: Database<CatalogueTables>, { at, looks, compare }: KeepLooks) {
  return db.asService(async (tx) => {
    await sql`lock table ${sql.table('catalogue_seen')} in share row exclusive mode`.execute(tx);
    const rows = await tx.selectFrom('catalogue_seen').selectAll().execute();
    const before = rows.flatMap((row): [string, LookBefore][] => {
      const look = lookBeforeSchema.safeParse(row);
      return look.success ? [[row.provider, look.data]] : [];
    });
    const report = compare(new Map(before));
    for (const { provider, models, disagreements } of looks) {
      const seen = {
        seen_at: at,
        models: JSON.stringify(models),
        disagreements: JSON.stringify(disagreements.map((one) => one.text)),
      };
      await tx
        .insertInto('catalogue_seen')
        .values({ provider, ...seen })
        .onConflict((conflict) => conflict.column('provider').doUpdateSet(seen))
        .execute();
    }
    if (report.changes.length > 0) {
      const news: CatalogueNews = { at, changes: report.changes, left: report.left };
      const row = { news: JSON.stringify(news) };
      await tx
        .insertInto('catalogue_news')
        .values({ id: 1, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute();
    }
    return report;
  });
}

function readNews(db: Database<CatalogueTables>): Promise<CatalogueNews | undefined> {
  return db.asService(async (tx) => {
    const row = await tx.selectFrom('catalogue_news').select('news').executeTakeFirst();
    return catalogueNewsSchema.optional().catch(undefined).parse(row?.news);
  });
}
