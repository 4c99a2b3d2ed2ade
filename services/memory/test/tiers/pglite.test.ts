import { after } from 'node:test';
import { startPglite } from '@mosaic/embedded-servers';
import { temporaryDirectory } from '@mosaic/test-kit';
import { claimTiers } from './tier-claims.ts';

const { path: dataDir } = await temporaryDirectory();
const server = await startPglite({ dataDir, dumps: false });
after(() => server.stop());
claimTiers('PGlite', server.url);
