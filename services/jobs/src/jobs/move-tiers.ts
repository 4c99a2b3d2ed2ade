import { z } from 'zod';
import { defineJob } from '../app/job-definition.ts';

/**
 * Moves conversations that nobody uses any more from hot to warm to cold, every night. Memory works in
 * portions; a run that dies is begun again, and finds only what has not moved.
 */
export const moveTiersJob = defineJob({
  name: 'move-tiers',
  queue: 'maintenance',
  payload: z.object({}),
  attempts: 5,
  cron: '0 2 * * *',
  async run(_payload, ports) {
    const all = { toWarm: 0, toCold: 0, freedBytes: 0, failed: 0 };
    let after: string | null = null;
    do {
      const { next, ...moved } = await ports.moveTiers(after);
      for (const key of Object.keys(all) as (keyof typeof all)[]) all[key] += moved[key];
      after = next;
    } while (after !== null);
    const { failed, freedBytes, toCold, toWarm } = all;
    const left = failed === 0 ? '' : ` ${failed} could not be moved: memory's log says why.`;
    return `Moved ${toWarm} conversations to warm and ${toCold} to cold, which freed ${freedBytes} bytes.${left}`;
  },
});
