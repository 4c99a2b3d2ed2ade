import { z } from 'zod';
import { defineJob } from '../app/job-definition.ts';

const dayMs = 86_400_000;

/** Removes what is older than the installation's retention, every night. */
export const sweepRetentionJob = defineJob({
  name: 'sweep-retention',
  queue: 'maintenance',
  payload: z.object({}),
  attempts: 5,
  cron: '30 3 * * *',
  async run(_payload, ports) {
    const { retentionDays } = ports;
    const since =
      retentionDays === null ? null : new Date(ports.nowMs() - retentionDays * dayMs).toISOString();
    const { users, conversations } = await ports.sweep(since);
    return `Removed ${conversations} conversations of ${users} users.`;
  },
});
