import { type CatalogueNews, MosaicError } from '@mosaic/proto';
import type { Clock } from '@mosaic/service-kit';
import type { RefreshReport } from '../../app/cards/report-news.ts';
import { type KeepLooks, openCatalogueStore } from '../../stores/catalogue-store.ts';
import type { ProvidersDatabase } from '../../stores/providers-database.ts';

/** News are read again after this long, because another replica may have found some. */
const newsAgeMs = 60_000;

/** What all replicas saw last, in PostgreSQL; none of it is needed to answer. */
export interface CatalogueMemory {
  /** Rejects when PostgreSQL is away. */
  keep(keeping: KeepLooks): Promise<RefreshReport>;
  /** The last news that this replica heard of; reads them again in the background when they are old. */
  news(): CatalogueNews | undefined;
}

export function openCatalogueMemory(
  db: ProvidersDatabase | undefined,
  clock: Clock,
): CatalogueMemory {
  if (db === undefined) return noMemory;
  const store = openCatalogueStore(db);
  let news: CatalogueNews | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  const readNews = async () => {
    await db.migrate();
    news = await store.readNews();
  };
  return {
    async keep(keeping) {
      await db.migrate();
      const report = await store.keep(keeping);
      const { at, changes, left } = report;
      if (changes.length > 0) news = { at, changes, left };
      return report;
    },
    news() {
      if (clock.now() - readAtMs >= newsAgeMs) {
        readAtMs = clock.now();
        // Without PostgreSQL there is nothing new to say.
        readNews().catch(() => undefined);
      }
      return news;
    },
  };
}

const noMemory: CatalogueMemory = {
  async keep() {
    throw new MosaicError('service_unavailable', 'providers has no DATABASE_URL.');
  },
  news: () => undefined,
};
