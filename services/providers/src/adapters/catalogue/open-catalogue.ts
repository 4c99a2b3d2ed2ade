import type { CatalogueNews } from '@mosaic/proto';
import type { Clock, Logger } from '@mosaic/service-kit';
import { enrichVendor } from '../../app/cards/enrich-vendor.ts';
import type { RefreshReport } from '../../app/cards/report-news.ts';
import type { ConfiguredVendor } from '../../app/registry/configured-vendor.ts';
import type { ProvidersConfig } from '../../settings.ts';
import type { ProvidersDatabase } from '../../stores/providers-database.ts';
import type { VendorRegistry } from '../vendor-registry.ts';
import { openCatalogueMemory } from './catalogue-memory.ts';
import { tablePriceOf } from './price-table.ts';
import { refreshLists } from './refresh-lists.ts';
import { watchLists } from './watch-lists.ts';

export interface CatalogueParts {
  readonly vendors: readonly ConfiguredVendor[];
  readonly config: Pick<ProvidersConfig, 'modelCards'>;
  /** Undefined: there is none, so lists are not compared with earlier ones. */
  readonly database: ProvidersDatabase | undefined;
  readonly log: Logger;
  readonly clock: Clock;
}

/** What is known about models besides the vendors' own words, and what changed lately. */
export interface Catalogue {
  /** The same vendors, their cards and lists completed from the operator's file and the price table. */
  readonly vendors: readonly ConfiguredVendor[];
  refresh(registry: Pick<VendorRegistry, 'refresh'>): Promise<RefreshReport>;
  /** As a part of the reply to `listModels`; empty when nothing is known to have changed. */
  news(): { readonly news?: CatalogueNews };
}

export function openCatalogue(parts: CatalogueParts): Catalogue {
  const { vendors, config, database, log, clock } = parts;
  const { lastLook, watch } = watchLists();
  const memory = openCatalogueMemory(database, clock);
  const { modelCards: overrides } = config;
  const sources = { overrides, priceOf: tablePriceOf };
  // Compared is what the vendors say themselves, with the cards before anything was laid over them.
  const compared = { vendors, overrides, lastLook, memory, log, clock };
  return {
    vendors: vendors.map((one) => ({
      ...one,
      make: (endpoint) => enrichVendor(watch(one.make(endpoint)), sources),
    })),
    refresh: (registry) => refreshLists({ ...compared, registry }),
    news() {
      const news = memory.news();
      return news ? { news } : {};
    },
  };
}
