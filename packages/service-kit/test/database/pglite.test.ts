import { after } from 'node:test';
import { startPglite } from '@mosaic/embedded-servers';
import { temporaryDirectory } from '../temporary-directory.ts';
import { claimDatabase } from './database-claims.ts';
import { claimOutages } from './outage-claims.ts';

const server = await startPglite({ dataDir: temporaryDirectory(), dumps: false });
after(() => server.stop());
claimDatabase('PGlite', server.url);
claimOutages('PGlite', server.url, 'outages');
