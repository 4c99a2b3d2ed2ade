import { runService } from '@mosaic/service-kit';
import { jobsService } from '../src/main.ts';

await runService(jobsService);
