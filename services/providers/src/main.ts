import {
  catalogueChanged,
  createEmbedding,
  listModels,
  listProviders,
  streamCompletion,
  testProvider,
} from '@mosaic/proto';
import { defineService, runService } from '@mosaic/service-kit';
import { makeVendors } from './adapters/make-vendors.ts';
import { realTimers } from './adapters/real-timers.ts';
import { embedTexts } from './adapters/serve-embeddings.ts';
import { makeVendorRegistry } from './adapters/vendor-registry.ts';
import { runCandidates } from './app/run-candidates.ts';
import { deadlinesOf, providersSettings } from './settings.ts';

export const providersService = defineService({
  name: 'providers',
  settings: providersSettings,
  async start({ bus, config, log, onDrain }) {
    const vendors = makeVendors(config);
    const registry = makeVendorRegistry({
      vendors: vendors.all,
      timers: realTimers,
      onChange(provider, isHealthy) {
        log.info({ provider, isHealthy }, 'catalogue changed');
        bus.publishLive(catalogueChanged, { provider, isHealthy }, { tokens: {} });
      },
    });

    bus.handleStream(streamCompletion, (request, { signal }) =>
      runCandidates(request, signal, {
        resolve: registry.resolve,
        record: registry.record,
        deadlinesOf: (name) => deadlinesOf(config, name),
        totalMs: config.totalMs,
        timers: realTimers,
      }),
    );
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
    onDrain(async () => registry.stop());
  },
});

if (import.meta.main) await runService(providersService);
