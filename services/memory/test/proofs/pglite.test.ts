import { after } from 'node:test';
import { startPglite } from '@mosaic/embedded-servers';
import { temporaryDirectory } from '@mosaic/test-kit';
import { claimTwoLayers } from './two-layers.ts';

const directory = await temporaryDirectory();
const server = await startPglite({ dataDir: directory.path, dumps: false });
claimTwoLayers('PGlite', server.url);
after(async () => {
  await server.stop();
  await directory.remove();
});
