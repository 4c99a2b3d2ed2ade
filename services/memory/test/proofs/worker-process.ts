import { runService } from '@mosaic/service-kit';
import { memoryService } from '../../src/main.ts';

await runService(memoryService);
