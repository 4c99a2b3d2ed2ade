import { claimSplits } from './claim-splits.ts';

claimSplits('ollama');
