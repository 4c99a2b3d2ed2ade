import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MosaicError } from '@mosaic/proto';
import { temporaryDirectory } from '@mosaic/test-kit';
import { z } from 'zod';
import { readConfig } from '../../src/index.ts';

const settings = {
  port: {
    env: 'MOSAIC_PORT',
    schema: z.coerce.number().int().max(65_535).default(14_242),
    example: '14242',
  },
  databaseUrl: { env: 'DATABASE_URL', schema: z.string().min(1), example: 'postgres://host/db' },
  apiKey: {
    env: 'API_KEY',
    schema: z.string().startsWith('sk-'),
    example: 'sk-…',
    isSecret: true,
  },
};
const right = { DATABASE_URL: 'postgres://db', API_KEY: 'sk-1' };

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(settings, env);
  } catch (error) {
    assert.ok(error instanceof MosaicError);
    assert.equal(error.code, 'bad_configuration');
    const listed = error.message.split('\n  - ').slice(1);
    assert.deepEqual(error.details, { problems: listed });
    return listed;
  }
  return [];
}

test('values are parsed, defaults filled in, and the whole frozen', () => {
  const config = readConfig(settings, right);
  assert.deepEqual(config, { port: 14_242, databaseUrl: 'postgres://db', apiKey: 'sk-1' });
  assert.ok(Object.isFrozen(config));
});

test('an empty variable counts as unset', () => {
  assert.equal(readConfig(settings, { ...right, MOSAIC_PORT: '' }).port, 14_242);
});

test('every setting can come from a file, without the line end', async () => {
  const file = join((await temporaryDirectory()).path, 'key');
  writeFileSync(file, 'sk-from-file\n');
  const config = readConfig(settings, { DATABASE_URL: 'postgres://db', API_KEY_FILE: file });
  assert.equal(config.apiKey, 'sk-from-file');
});

test('all problems come at once, each with its variable and an example', () => {
  const problems = problemsOf({ MOSAIC_PORT: '99999999', API_KEY_FILE: '/does/not/exist' });
  assert.equal(problems.length, 3);
  assert.match(problems[0] ?? '', /^MOSAIC_PORT: .*65535.*\(example: 14242\)$/);
  assert.match(problems[1] ?? '', /^DATABASE_URL: is not set \(example: postgres:\/\/host\/db\)$/);
  assert.match(problems[2] ?? '', /^API_KEY_FILE: the file \/does\/not\/exist can't be read/);
});

test('a wrong secret is never shown', () => {
  const problems = problemsOf({ ...right, API_KEY: 'hunter2' });
  assert.deepEqual(problems, ['API_KEY: is not valid (example: sk-…)']);
});

test('a variable given both ways is refused', () => {
  const problems = problemsOf({ ...right, API_KEY_FILE: '/some/file' });
  assert.deepEqual(problems, ['API_KEY: is set, and API_KEY_FILE too; keep one of them']);
});
