import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { copyDatabaseTemplate, templatePath } from '../src/pglite/database-template.ts';
import { keepDatabaseTemplate } from '../src/pglite/keep-database-template.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Path and size of every file. */
function filesIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return names.map((name) => `${name} ${statSync(join(folder, name)).size}`);
}

test('a template is made once, also by two at once, and a new database is a copy of it', async () => {
  const cache = temporaryDirectory();
  await Promise.all([keepDatabaseTemplate(cache), keepDatabaseTemplate(cache)]);
  const kept = templatePath(cache);
  const { ino } = statSync(kept);
  await keepDatabaseTemplate(cache);
  assert.equal(statSync(kept).ino, ino);
  assert.equal(readdirSync(cache).length, 1, 'nothing half made is left');
  const dataDir = temporaryDirectory();
  writeFileSync(`${dataDir}.copying`, 'of one who was killed');
  copyDatabaseTemplate(dataDir, cache);
  assert.ok(filesIn(dataDir).includes('PG_VERSION 3'));
  assert.deepEqual(filesIn(dataDir), filesIn(kept));
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);
  assert.equal(existsSync(`${dataDir}.copying`), false);
});

test('where no template is kept, and where it can not be copied, the directory stays empty', (t) => {
  t.mock.method(console, 'error', () => {});
  const [dataDir, cache] = [temporaryDirectory(), temporaryDirectory()];
  copyDatabaseTemplate(dataDir, cache);
  assert.deepEqual(readdirSync(dataDir), []);
  writeFileSync(templatePath(cache), 'no folder');
  copyDatabaseTemplate(dataDir, cache);
  assert.deepEqual(readdirSync(dataDir), []);
});
