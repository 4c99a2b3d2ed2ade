import pg from 'pg';
import { type PgliteHandle, type StartPgliteOptions, startPglite } from '../src/index.ts';

/** A database without dumps. */
export function start(options: StartPgliteOptions): Promise<PgliteHandle> {
  return startPglite({ dumps: false, ...options });
}

export async function withClient<Result>(url: string, use: (client: pg.Client) => Promise<Result>) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end().catch(() => {});
  }
}

export const insertNote = (url: string, text: string) =>
  withClient(url, (client) => client.query('insert into notes values ($1)', [text]));

export const countNotes = (url: string) =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ count: number }>('select count(*)::int from notes');
    return rows[0]?.count;
  });

export const makeNotes = (url: string) =>
  withClient(url, (client) =>
    client.query('drop table if exists notes; create table notes (text text)'),
  );
