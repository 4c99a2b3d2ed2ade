import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startPglite } from '@mosaic/embedded-servers';
import { startPostgres, temporaryDirectory } from '@mosaic/test-kit';
import { interleave } from './interleave.ts';

const clients = 64;
const users = 12;
/** No statement is too slow among these few; on a busy machine they all would be, of the usual time. */
const statementTimeoutMs = 60_000;

async function claim(url: string): Promise<void> {
  const found = await interleave({ url, requests: 1_000, clients, users, statementTimeoutMs });
  assert.equal(found.foreignRows, 0, JSON.stringify(found));
  assert.equal(found.abortedRows, 0, JSON.stringify(found));
  assert.ok((found.byKind['readAll'] ?? 0) > 300, 'most of it was done');
  assert.ok(found.failures < 500, `some fails as it is meant to: ${JSON.stringify(found)}`);
}

test('PGlite: 64 clients with aborts, failures and broken connections see their own rows', async () => {
  const directory = await temporaryDirectory();
  const server = await startPglite({ dataDir: directory.path, dumps: false });
  await claim(server.url);
  await server.stop();
  await directory.remove();
});

const server = await startPostgres();
const skip = 'missing' in server ? server.missing : false;
test('PostgreSQL: the same', { skip }, async () => {
  if ('missing' in server) return;
  await claim(server.url);
  await server.stop();
});
