import { runService } from '@mosaic/service-kit';
import { agentsService } from '../src/main.ts';

await runService(agentsService);
