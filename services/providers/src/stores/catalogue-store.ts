import { type CatalogueNews, catalogueNewsSchema } from '@mosaic/proto';
import { sql } from 'kysely';
import {
  type Look,
  type LookBefore,
  lookBeforeSchema,
  type RefreshReport,
} from '../app/cards/report-news.ts';
import type { ProvidersDatabase } from './providers-database.ts';

export interface KeepLooks {
  readonly at: string;
  readonly looks: readonly Look[];
  /** Pure: runs inside the transaction, between reading what was and writing what is. */
  compare(before: ReadonlyMap<string, LookBefore>): RefreshReport;
}

export function openCatalogueStore(db: ProvidersDatabase) {
  return {
    keep: (keeping: KeepLooks) => keepLooks(db, keeping),
    readNews: () => readNews(db),
  };
}

/**
 * Compares with what was seen last and keeps what is seen now, in one transaction and under a lock: of
 * two replicas that look at once, the second compares with the first.
 */
function keepLooks(db: ProvidersDatabase, { at, looks, compare }: KeepLooks) {
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

function readNews(db: ProvidersDatabase): Promise<CatalogueNews | undefined> {
  return db.asService(async (tx) => {
    const row = await tx.selectFrom('catalogue_news').select('news').executeTakeFirst();
    return catalogueNewsSchema.optional().catch(undefined).parse(row?.news);
  });
}
