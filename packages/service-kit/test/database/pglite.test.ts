import { after } from 'node:test';
import { startPglite } from '@mosaic/embedded-servers';
import { temporaryDirectory } from '@mosaic/test-kit';
import { claimDatabase } from './database-claims.ts';
import { claimOutages } from './outage-claims.ts';

const { path: dataDir } = await temporaryDirectory();
const server = await startPglite({ dataDir, dumps: false });
after(() => server.stop());
claimDatabase('PGlite', server.url);
claimOutages('PGlite', server.url, 'outages');
