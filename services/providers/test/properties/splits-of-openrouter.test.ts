import { claimSplits } from './claim-splits.ts';

claimSplits('openrouter');
