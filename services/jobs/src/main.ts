import { defineService, obeyDeletions, runService } from '@mosaic/service-kit';
import { z } from 'zod';
import { makeJobPorts } from './adapters/job-ports.ts';
import { openQueues } from './adapters/queues.ts';
import { serveAdmin } from './adapters/serve-admin.ts';
import { startTriggers } from './adapters/triggers.ts';
import { extractMemories } from './jobs/extract-memories.ts';
import { refreshCatalogueJob } from './jobs/refresh-catalogue.ts';
import { storageJobs } from './jobs/storage-jobs.ts';
import { titleConversation } from './jobs/title-conversation.ts';

export const jobsService = defineService({
  name: 'jobs',
  settings: {
    redisUrl: {
      env: 'REDIS_URL',
      schema: z.url({ protocol: /^rediss?$/ }),
      example: 'redis://127.0.0.1:6379',
      isSecret: true,
    },
    backoffMs: {
      env: 'MOSAIC_JOB_BACKOFF_MS',
      schema: z.coerce.number().int().min(10).default(2_000),
      example: '2000',
    },
    retentionDays: {
      env: 'MOSAIC_RETENTION_DAYS',
      schema: z.coerce.number().int().min(1).nullable().default(null),
      example: '365 (leave it out to keep conversations for ever)',
    },
  },
  async start({ bus, clock, config, log, addReadiness, onDrain, onStop }) {
    const ports = makeJobPorts(bus, clock, config.retentionDays);
    const definitions = [titleConversation, extractMemories, refreshCatalogueJob, ...storageJobs];
    const { redisUrl, backoffMs } = config;
    const queues = await openQueues({ redisUrl, backoffMs, definitions, ports, log });
    onDrain(() => queues.stopWorking());
    onStop(() => queues.close());
    addReadiness({ name: 'redis', check: () => queues.isReady() });
    serveAdmin(bus, queues);
    await startTriggers({ bus, queues, ports, log });
    const obeying = await obeyDeletions({
      bus,
      log,
      durable: 'jobs-users',
      purge: async (userId) => ({ jobs: await queues.removeOf(userId) }),
    });
    onDrain(() => obeying.stop());
  },
});

if (import.meta.main) await runService(jobsService);
