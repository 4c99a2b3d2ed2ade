import { join } from 'node:path';
import { defineService, openDatabase, runService } from '@mosaic/service-kit';
import { fillPassages } from './adapters/fill-passages.ts';
import { followLog } from './adapters/follow-log.ts';
import { startRecall } from './adapters/recall/start-recall.ts';
import { removePeople } from './adapters/remove-people.ts';
import { serveRequests } from './adapters/serve-requests.ts';
import { serveStorage } from './adapters/tiers/serve-storage.ts';
import { serveSummaries } from './adapters/tiers/serve-summaries.ts';
import { watchApplied } from './app/await-applied.ts';
import { rememberImpersonal } from './app/extraction/impersonal-questions.ts';
import { memorySettings, storageLimitsOf, tierPolicyOf } from './settings.ts';
import { openMemoryStore } from './stores/memory-store.ts';
import type { MemoryTables } from './stores/tables.ts';

export const memoryService = defineService({
  name: 'memory',
  settings: memorySettings,
  async start({ bus, clock, config, log, addReadiness, onDrain, onStop }) {
    const db = openDatabase<MemoryTables>({
      url: config.databaseUrl,
      schema: 'memory',
      role: 'memory_app',
      migrationsDir: join(import.meta.dirname, '..', 'migrations'),
      poolSize: config.databasePool,
    });
    onStop(() => db.close());
    addReadiness({ name: 'database', check: () => db.isReady() });
    await db.migrate();

    const limits = storageLimitsOf(config);
    const store = openMemoryStore(db, limits);
    const applied = watchApplied();
    const impersonal = rememberImpersonal();
    const recalling = startRecall({ bus, clock, config, log, store });
    onStop(() => recalling.stop());
    const { recall } = recalling;
    const follower = followLog({ bus, log, apply: store.apply, applied, impersonal, recalling });
    const { catchUp, hurry } = follower;
    serveRequests({ bus, store, applied, recall, impersonal, clock, log, catchUp, hurry });
    serveStorage({ bus, store, clock, log, limits, policy: tierPolicyOf(config), catchUp });
    serveSummaries({ bus, store, clock });
    const projection = await store.readProjectionId();
    const following = await follower.start(`memory-${projection}`);
    const removing = await removePeople({ bus, log, store, recall, projection });
    const filling = fillPassages(store, log);
    onDrain(async () => {
      await Promise.all([following.stop(), filling.stop(), removing.stop()]);
    });
  },
});

if (import.meta.main) await runService(memoryService);
