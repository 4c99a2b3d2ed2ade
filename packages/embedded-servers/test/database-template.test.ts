import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  copyDatabaseTemplate,
  keepDatabaseTemplate,
  readTemplate,
  templatePath,
} from '../src/pglite/database-template.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Path and size of every file. */
function filesIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return names.map((name) => `${name} ${statSync(join(folder, name)).size}`);
}

test('a damaged template is made again, once, and the next database is a copy of it', async () => {
  const cache = temporaryDirectory();
  const kept = templatePath(cache);
  writeFileSync(kept, 'half of what was to be written');
  writeFileSync(join(cache, 'new-database-0.0.1-0.zst'), 'of another version');
  const [first, second] = [temporaryDirectory(), temporaryDirectory()];
  await keepDatabaseTemplate(cache);
  copyDatabaseTemplate(first, cache);
  const madeAt = statSync(kept).mtimeMs;
  const whole = readFileSync(kept);
  await keepDatabaseTemplate(cache);
  copyDatabaseTemplate(second, cache);
  assert.equal(statSync(kept).mtimeMs, madeAt);
  assert.ok(filesIn(first).includes('PG_VERSION 3'));
  assert.deepEqual(filesIn(second), filesIn(first));
  assert.equal(statSync(join(first, 'base')).mode & 0o777, 0o700);
  assert.equal(readdirSync(cache).length, 2);
  // As after a power cut: the size is right, the end is not there.
  writeFileSync(kept, Buffer.concat([whole.subarray(0, -100_000), Buffer.alloc(100_000)]));
  assert.equal(readTemplate(kept), undefined);
  const third = temporaryDirectory();
  copyDatabaseTemplate(third, cache);
  assert.deepEqual(readdirSync(third), [], 'left for PGlite to fill');
});

test('where no template is kept the directory stays empty', () => {
  const dataDir = temporaryDirectory();
  copyDatabaseTemplate(dataDir, temporaryDirectory());
  assert.deepEqual(readdirSync(dataDir), []);
});
