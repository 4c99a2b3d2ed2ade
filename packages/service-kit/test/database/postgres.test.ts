import { after, test } from 'node:test';
import { claimDatabase } from './database-claims.ts';
import { startPostgres } from './start-postgres.ts';

const server = await startPostgres();
if ('missing' in server) {
  test('PostgreSQL holds the claims', { skip: server.missing }, () => {});
} else {
  after(() => server.stop());
  claimDatabase('PostgreSQL', server.url);
}
