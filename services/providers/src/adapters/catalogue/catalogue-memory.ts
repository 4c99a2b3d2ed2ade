import { join } from 'node:path';
import { type CatalogueNews, MosaicError } from '@mosaic/proto';
import { type Clock, openDatabase } from '@mosaic/service-kit';
import type { RefreshReport } from '../../app/cards/report-news.ts';
import {
  type CatalogueTables,
  type KeepLooks,
  openCatalogueStore,
} from '../../stores/catalogue-store.ts';

/** News are read again after this long, because another replica may have found some. */
const newsAgeMs = 60_000;

/** What all replicas saw last, in PostgreSQL; none of it is needed to answer. */
export interface CatalogueMemory {
  /** Rejects when PostgreSQL is away. */
  keep(keeping: KeepLooks): Promise<RefreshReport>;
  /** The last news that this replica heard of; reads them again in the background when they are old. */
  news(): CatalogueNews | undefined;
  close(): Promise<void>;
}

export function openCatalogueMemory(
  databaseUrl: string | undefined,
  clock: Clock,
): CatalogueMemory {
  if (databaseUrl === undefined) return noMemory;
  const db = openDatabase<CatalogueTables>({
    url: databaseUrl,
    schema: 'providers',
    role: 'providers_app',
    migrationsDir: join(import.meta.dirname, '..', '..', '..', 'migrations'),
    poolSize: 1,
    startTimeoutMs: 0,
  });
  const store = openCatalogueStore(db);
  let ready: Promise<void> | undefined;
  let news: CatalogueNews | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  const migrated = () => {
    ready ??= db.migrate().catch((thrown: unknown) => {
      ready = undefined;
      throw thrown;
    });
    return ready;
  };
  const readNews = async () => {
    await migrated();
    news = await store.readNews();
  };
  return {
    async keep(keeping) {
      await migrated();
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
    close: () => db.close(),
  };
}

const noMemory: CatalogueMemory = {
  async keep() {
    throw new MosaicError('service_unavailable', 'providers has no DATABASE_URL.');
  },
  news: () => undefined,
  close: async () => {},
};
