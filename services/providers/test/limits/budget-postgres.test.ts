import { after, test } from 'node:test';
import { startPostgres } from '@mosaic/test-kit';
import { claimBudget } from './budget-claims.ts';

const server = await startPostgres();
if ('missing' in server) {
  test('PostgreSQL holds the claims of a budget', { skip: server.missing }, () => {});
} else {
  after(() => server.stop());
  claimBudget('PostgreSQL', server.url);
}
