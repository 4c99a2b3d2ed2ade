import { createEmbedding, reportUsage } from '@mosaic/proto';
import { defineService, obeyDeletions, runService } from '@mosaic/service-kit';
import { openCatalogue } from './adapters/catalogue/open-catalogue.ts';
import { openCredentials } from './adapters/credentials/open-credentials.ts';
import { serveCredentials } from './adapters/credentials/serve-credentials.ts';
import { openLedger } from './adapters/ledger/open-ledger.ts';
import { openLimits } from './adapters/limits/open-limits.ts';
import { makeVendors } from './adapters/make-vendors.ts';
import { openRegistry } from './adapters/open-registry.ts';
import { serveCatalogue } from './adapters/serve-catalogue.ts';
import { serveCompletions } from './adapters/serve-completions.ts';
import { embedTexts } from './adapters/serve-embeddings.ts';
import { providersSettings } from './settings.ts';
import { openProvidersDatabase } from './stores/providers-database.ts';

export const providersService = defineService({
  name: 'providers',
  settings: providersSettings,
  async start({ bus, clock, config, log, onDrain, onStop }) {
    const vendors = makeVendors(config);
    const database = config.databaseUrl ? openProvidersDatabase(config.databaseUrl) : undefined;
    onStop(async () => database?.close());
    const catalogue = openCatalogue({ vendors: vendors.all, config, database, log, clock });
    const registry = await openRegistry({ bus, log, vendors: catalogue.vendors });

    const ledger = openLedger({ bus, database, log });
    const limits = openLimits({ bus, config, database, log, onStop });
    const credentials = openCredentials({ bus, clock, config, database, log });

    serveCompletions({ bus, config, limits, registry, ...ledger, ...credentials });
    bus.handle(reportUsage, (query, { caller }) => ledger.report(caller.userId, query));
    serveCatalogue({ bus, catalogue, registry });
    serveCredentials({ bus, credentials, registry });
    bus.handle(createEmbedding, (request, { signal }) =>
      embedTexts(vendors.embedder, request, signal),
    );

    const obeying = await obeyDeletions({
      bus,
      log,
      durable: 'providers-users',
      purge: (userId) => ledger.purge(userId),
      forget: (userId) => credentials.forget(userId),
    });
    onDrain(() => obeying.stop());
    registry.start();
    ledger.start();
    credentials.start();
    onDrain(async () => registry.stop());
    onDrain(() => ledger.stop());
    onDrain(() => credentials.stop());
  },
});

if (import.meta.main) await runService(providersService);
