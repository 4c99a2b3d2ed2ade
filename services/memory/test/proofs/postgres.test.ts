import { after, test } from 'node:test';
import { startPostgres } from '@mosaic/test-kit';
import { claimTwoLayers } from './two-layers.ts';

const server = await startPostgres();
if ('missing' in server) {
  test('PostgreSQL holds the claims', { skip: server.missing }, () => {});
} else {
  claimTwoLayers('PostgreSQL', server.url);
  after(() => server.stop());
}
