import { z } from 'zod';
import { describeRefresh } from '../app/describe-refresh.ts';
import { defineJob } from '../app/job-definition.ts';

/** Reads the vendors' lists of models every night and says what changed since the night before. */
export const refreshCatalogueJob = defineJob({
  name: 'refresh-catalogue',
  queue: 'maintenance',
  payload: z.object({}),
  attempts: 5,
  cron: '15 4 * * *',
  async run(_payload, ports) {
    return describeRefresh(await ports.refreshCatalogue());
  },
});
