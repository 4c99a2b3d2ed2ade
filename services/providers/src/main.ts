import {
  createEmbedding,
  listModels,
  listProviders,
  reportUsage,
  testProvider,
} from '@mosaic/proto';
import { defineService, runService } from '@mosaic/service-kit';
import { openLedger } from './adapters/ledger.ts';
import { makeVendors } from './adapters/make-vendors.ts';
import { openRegistry } from './adapters/open-registry.ts';
import { serveCompletions } from './adapters/serve-completions.ts';
import { embedTexts } from './adapters/serve-embeddings.ts';
import { providersSettings } from './settings.ts';

export const providersService = defineService({
  name: 'providers',
  settings: providersSettings,
  async start({ bus, config, log, onDrain, onStop }) {
    const vendors = makeVendors(config);
    const registry = await openRegistry({ bus, log, vendors: vendors.all });

    const ledger = openLedger({ bus, log, databaseUrl: config.databaseUrl });
    onStop(() => ledger.close());

    serveCompletions({ bus, config, registry, accountOf: ledger.accountOf });
    bus.handle(reportUsage, (query, { caller }) => ledger.report(caller.userId, query));
    bus.handle(listModels, async () => ({ models: registry.models() }));
    bus.handle(listProviders, async () => ({ providers: registry.statuses() }));
    bus.handle(testProvider, async ({ name }) => {
      const startedMs = performance.now();
      await registry.refresh(name);
      return { status: registry.status(name), tookMs: performance.now() - startedMs };
    });
    bus.handle(createEmbedding, (request, { signal }) =>
      embedTexts(vendors.embedder, request, signal),
    );

    registry.start();
    ledger.start();
    onDrain(async () => registry.stop());
    onDrain(() => ledger.stop());
  },
});

if (import.meta.main) await runService(providersService);
