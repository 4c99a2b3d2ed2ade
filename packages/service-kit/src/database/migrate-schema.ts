import { MosaicError } from '@mosaic/proto';
import type pg from 'pg';
import { isConnectionError } from './connection-errors.ts';
import type { Migration } from './read-migrations.ts';
import { sqlName } from './session-statements.ts';

/** One lock for all schemas: roles and grants are written to catalogues that all services share. */
const lockStatement = `select pg_advisory_xact_lock(hashtext('mosaic migrations'))`;

/** What a service owns in the database. */
export interface SchemaOwner {
  readonly schema: string;
  readonly role: string;
}

/**
 * Brings the schema up to date as the user who logged in: role, schema, migrations, grants. Each
 * migration is one transaction. Throws `database_newer` when the database has one that the code
 * does not know, and `bad_configuration` when the text of an applied one has changed.
 */
export async function migrateSchema(
  client: pg.ClientBase,
  owner: SchemaOwner,
  migrations: readonly Migration[],
): Promise<void> {
  await inTransaction(client, () => client.query(ownerStatements(owner)));
  let next = await applyNext(client, owner, migrations);
  while (next !== undefined) next = await applyNext(client, owner, migrations);
  await inTransaction(client, () => client.query(grantStatements(owner)));
}

async function applyNext(
  client: pg.ClientBase,
  owner: SchemaOwner,
  migrations: readonly Migration[],
): Promise<Migration | undefined> {
  const schema = sqlName(owner.schema);
  return inTransaction(client, async () => {
    // Read again under the lock each time: another instance may have been quicker.
    const { rows } = await client.query<Pick<Migration, 'name' | 'checksum'>>(
      `select name, checksum from ${schema}._migrations`,
    );
    const next = findNext(schema, rows, migrations);
    if (next === undefined) return undefined;
    try {
      await client.query(`set local search_path to ${schema}, public; ${next.sql}`);
    } catch (error) {
      if (isConnectionError(error)) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new MosaicError('internal', `The migration ${schema}/${next.name} failed: ${why}`, {
        cause: error,
      });
    }
    await client.query(`insert into ${schema}._migrations (name, checksum) values ($1, $2)`, [
      next.name,
      next.checksum,
    ]);
    return next;
  });
}

/** The first migration that was not applied yet. Throws when database and folder disagree. */
function findNext(
  schema: string,
  applied: readonly Pick<Migration, 'name' | 'checksum'>[],
  migrations: readonly Migration[],
): Migration | undefined {
  const known = new Map(migrations.map((one) => [one.name, one]));
  for (const { name, checksum } of applied) {
    const migration = known.get(name);
    if (migration === undefined) {
      throw new MosaicError(
        'database_newer',
        `The database was written by a newer Mosaic: it has the migration ${schema}/${name}, which this version does not know. Start the newer version again, or restore a backup.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new MosaicError(
        'bad_configuration',
        `The migration ${schema}/${name} was changed after it had been applied: restore its text and put the change in a new migration.`,
      );
    }
  }
  const done = new Set(applied.map((one) => one.name));
  return migrations.find((one) => !done.has(one.name));
}

async function inTransaction<Result>(
  client: pg.ClientBase,
  work: () => Promise<Result>,
): Promise<Result> {
  await client.query(`begin; ${lockStatement}`);
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

/** Role and schema. Roles belong to the whole server, so another schema's start may have made it. */
function ownerStatements(owner: SchemaOwner): string {
  const role = sqlName(owner.role);
  const schema = sqlName(owner.schema);
  return `
    do $$ begin
      if not exists (select from pg_roles where rolname = '${role}') then
        create role ${role} nologin;
      end if;
      begin
        set local role ${role};
        reset role;
      exception when insufficient_privilege then
        grant ${role} to current_user;
      end;
    end $$;
    create schema if not exists ${schema};
    create table if not exists ${schema}._migrations (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default now()
    );`;
}

/** Rows yes, shape no: the role may not alter a table or touch the record of migrations. */
function grantStatements(owner: SchemaOwner): string {
  const role = sqlName(owner.role);
  const schema = sqlName(owner.schema);
  return `
    grant usage on schema ${schema} to ${role};
    grant select, insert, update, delete on all tables in schema ${schema} to ${role};
    grant usage, select on all sequences in schema ${schema} to ${role};
    alter default privileges in schema ${schema}
      grant select, insert, update, delete on tables to ${role};
    alter default privileges in schema ${schema} grant usage, select on sequences to ${role};
    revoke all on ${schema}._migrations from ${role};`;
}
