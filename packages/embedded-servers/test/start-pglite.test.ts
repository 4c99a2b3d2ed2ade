import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type pg from 'pg';
import { stopAfter } from './stop-after.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { countNotes, makeNotes, start, withClient } from './test-database.ts';

const shared = await start({ dataDir: temporaryDirectory() });
after(() => shared.stop());

test('PostgreSQL 18 answers and pgvector finds the nearest', async () => {
  await withClient(shared.url, async (client) => {
    const version = await client.query<{ server_version: string }>('show server_version');
    assert.match(version.rows[0]?.server_version ?? '', /^18/);
    await client.query('create table places (name text, at vector(3))');
    await client.query("insert into places values ('far', '[0,0,1]'), ('near', '[1,0.1,0]')");
    const sql = 'select name from places order by at <=> $1::vector limit 1';
    const { rows } = await client.query<{ name: string }>(sql, ['[1,0,0]']);
    assert.equal(rows[0]?.name, 'near');
  });
});

test('eight clients in transactions with local role and user see their own rows alone', async () => {
  await withClient(shared.url, (client) =>
    client.query(`
      create role notes_app nologin;
      create table own_notes (user_id text, text text);
      alter table own_notes enable row level security;
      alter table own_notes force row level security;
      create policy own on own_notes using (user_id = current_setting('app.user_id'));
      grant all on own_notes to notes_app;`),
  );
  const asUser = async (client: pg.Client, user: string) => {
    await client.query('begin');
    await client.query(
      "select set_config('role', 'notes_app', true), set_config('app.user_id', $1, true)",
      [user],
    );
    await client.query('insert into own_notes values ($1, $2)', [user, 'mine']);
    const { rows } = await client.query<{ user_id: string }>('select user_id from own_notes');
    await client.query('commit');
    return rows.map((row) => row.user_id);
  };
  await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      withClient(shared.url, async (client) => {
        for (let round = 1; round <= 10; round += 1) {
          const expected = Array(round).fill(`user-${index}`);
          assert.deepEqual(await asUser(client, `user-${index}`), expected);
        }
      }),
    ),
  );
});

test('parametrised statements of eight clients outside transactions get their own answers', async () => {
  await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      withClient(shared.url, async (client) => {
        for (let round = 0; round < 40; round += 1) {
          const text = `client ${index} round ${round}`;
          const sql = `select $1::text as text, ${index} as index, pg_sleep(${index % 2} * 0.001)`;
          const { rows } = await client.query<{ text: string; index: number }>(sql, [text]);
          assert.equal(rows[0]?.text, text);
          assert.equal(rows[0]?.index, index);
        }
      }),
    ),
  );
});

test('a unix socket serves the same clients and is closed to other users', async (t) => {
  const socketDirectory = join(temporaryDirectory(), 'socket');
  const server = await stopAfter(t, start({ dataDir: temporaryDirectory(), socketDirectory }));
  assert.equal(statSync(join(socketDirectory, '.s.PGSQL.5432')).mode & 0o777, 0o600);
  assert.equal(statSync(socketDirectory).mode & 0o777, 0o700);
  await makeNotes(server.url);
  assert.equal(await countNotes(server.url), 0);
  await server.stop();
});
