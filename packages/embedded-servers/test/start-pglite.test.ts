import assert from 'node:assert/strict';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type pg from 'pg';
import { stopAfter } from './stop-after.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { countNotes, makeNotes, start, withClient } from './test-database.ts';

// No template is there, as on a machine where Mosaic is started for the first time.
const shared = await start({
  dataDir: temporaryDirectory(),
  templateFolder: temporaryDirectory(),
});
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

test('long statements of eight clients outside transactions get their own answers', async () => {
  // Longer than one read from the socket, so that the others' statements arrive in between.
  const padding = 'x'.repeat(300_000);
  await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      withClient(shared.url, async (client) => {
        for (let round = 0; round < 10; round += 1) {
          const sql = `select ${index} as index, length($1::text) as length`;
          const values = [padding.slice(0, 200_000 + index * 1000 + round)];
          const { rows } = await client.query<{ index: number; length: number }>(sql, values);
          assert.deepEqual(rows, [{ index, length: 200_000 + index * 1000 + round }]);
        }
      }),
    ),
  );
});

test('a client that vanishes in the middle of a statement holds nobody up', async () => {
  const { hostname, port } = new URL(shared.url);
  const socket = createConnection(Number(port), hostname);
  const startup = Buffer.from('\0\0\0\u0017\0\u0003\0\0user\0postgres\0\0', 'latin1');
  const parse = Buffer.from('P\0\0\0\u0010\0select 1\0\0\0', 'latin1');
  socket.write(Buffer.concat([startup, parse]));
  let answer = '';
  // The type of ParseComplete is '1', after the start's ReadyForQuery.
  while (!/Z.{5}1/s.test(answer)) {
    const [chunk] = await once(socket, 'data');
    answer += String(chunk);
  }
  socket.destroy();
  await withClient(shared.url, async (client) => {
    const { rows } = await client.query('select $1::int as value', [7]);
    assert.deepEqual(rows, [{ value: 7 }]);
  });
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
