import { moveTiersJob } from './move-tiers.ts';
import { summarizeIdleJob } from './summarize-idle.ts';
import { sweepRetentionJob } from './sweep-retention.ts';

/** What happens to conversations that nobody uses any more. */
export const storageJobs = [moveTiersJob, summarizeIdleJob, sweepRetentionJob];
