import { after } from 'node:test';
import { startPglite } from '@mosaic/embedded-servers';
import { temporaryDirectory } from '@mosaic/test-kit';
import { claimRecall } from './recall-claims.ts';

const { path: dataDir } = await temporaryDirectory();
const server = await startPglite({ dataDir, dumps: false });
after(() => server.stop());
claimRecall('PGlite', server.url);
