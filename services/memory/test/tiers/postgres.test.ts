import { after, test } from 'node:test';
import { startPostgres } from '@mosaic/test-kit';
import { claimTiers } from './tier-claims.ts';

const server = await startPostgres();
if ('missing' in server) {
  test('PostgreSQL holds the claims', { skip: server.missing }, () => {});
} else {
  after(() => server.stop());
  claimTiers('PostgreSQL', server.url);
}
