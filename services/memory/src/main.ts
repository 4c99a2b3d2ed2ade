import { join } from 'node:path';
import { defineService, openDatabase, runService } from '@mosaic/service-kit';
import { z } from 'zod';
import { fillPassages } from './adapters/fill-passages.ts';
import { followLog } from './adapters/follow-log.ts';
import { obeyRemovals } from './adapters/obey-removals.ts';
import { serveRequests } from './adapters/serve-requests.ts';
import { watchApplied } from './app/await-applied.ts';
import { openMemoryStore } from './stores/memory-store.ts';
import type { MemoryTables } from './stores/tables.ts';

export const memoryService = defineService({
  name: 'memory',
  settings: {
    databaseUrl: {
      env: 'DATABASE_URL',
      schema: z.string().regex(/^postgres(?:ql)?:\/\/\S+$/, 'must be a postgres:// address'),
      example: 'postgres://mosaic:secret@127.0.0.1:5432/mosaic',
      isSecret: true,
    },
    databasePool: {
      env: 'MOSAIC_DATABASE_POOL',
      schema: z.coerce.number().int().min(1).max(100).default(8),
      example: '8',
    },
  },
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

    const store = openMemoryStore(db);
    const applied = watchApplied();
    const follower = followLog({ bus, log, apply: store.apply, onApplied: applied.note });
    serveRequests({ bus, store, applied, clock, catchUp: follower.catchUp });
    const projection = await store.readProjectionId();
    const following = await follower.start(`memory-${projection}`);
    const obeying = await obeyRemovals({ bus, log, store, projection });
    const filling = fillPassages(store, log);
    onDrain(async () => {
      await Promise.all([following.stop(), filling.stop(), obeying.stop()]);
    });
  },
});

if (import.meta.main) await runService(memoryService);
