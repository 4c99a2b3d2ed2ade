import { startPglite } from '@mosaic/embedded-servers';
import { startPostgres, temporaryDirectory } from '@mosaic/test-kit';
import { interleave } from './interleave.ts';

/** `npm run bench:isolation -- 100000 pglite`: how many requests, and on which database alone. */
const [count = '100000', only] = process.argv.slice(2);
const wish = { requests: Number(count), clients: 64, users: 40 };

async function measure(name: string, url: string): Promise<void> {
  const startedMs = performance.now();
  const tell = (done: number) => process.stderr.write(`${name}: ${done} of ${wish.requests}\n`);
  const found = await interleave({ url, ...wish, tell });
  const seconds = (performance.now() - startedMs) / 1_000;
  const perSecond = Math.round(found.requests / seconds);
  console.log(
    JSON.stringify({ database: name, ...found, seconds: Math.round(seconds), perSecond }),
  );
  if (found.foreignRows > 0 || found.abortedRows > 0) process.exitCode = 1;
}

if (only !== 'pglite') {
  const postgres = await startPostgres();
  if ('missing' in postgres) console.log(`PostgreSQL is left out: ${postgres.missing}`);
  else {
    await measure('PostgreSQL', postgres.url);
    await postgres.stop();
  }
}
if (only !== 'postgres') {
  const directory = await temporaryDirectory();
  const pglite = await startPglite({ dataDir: directory.path, dumps: false });
  await measure('PGlite', pglite.url);
  await pglite.stop();
  await directory.remove();
}
