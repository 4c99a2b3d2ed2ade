import { type Agent, agentSchema, MosaicError } from '@mosaic/proto';
import type { Database, SignedCaller } from '@mosaic/service-kit';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { AgentTables } from './tables.ts';

type Db = Database<AgentTables>;
type Tx = Transaction<AgentTables>;
type Owner = Pick<SignedCaller, 'userId'>;

/** More than anybody keeps apart, and few enough to be listed at once. */
const maxAgentsOfOne = 100;

/** Hears of an agent that this version can't read: it is left out. */
export type TellUnreadable = (agent: { readonly name: string }) => void;

/** Everything that is done with agents' rows; each call is one transaction. */
export function openAgentStore(db: Db, tell: TellUnreadable = () => {}) {
  return {
    seed: (agents: readonly Agent[]) => seed(db, agents),
    read: (owner: Owner) => read(db, owner, tell),
    create: (owner: Owner, agent: Agent) => create(db, owner, agent),
    change: (owner: Owner, wish: Wish & { readonly change: (agent: Agent) => Agent }) =>
      change(db, owner, wish),
    remove: (owner: Owner, wish: Wish) => remove(db, owner, wish),
  };
}

export type AgentStore = ReturnType<typeof openAgentStore>;

/** Which agent is meant, and the version that the writer has seen; undefined to write anyhow. */
export interface Wish {
  readonly name: string;
  readonly version: number | undefined;
}

/** Puts in the agents that come with this version, and takes out those that do not any more. */
function seed(db: Db, agents: readonly Agent[]): Promise<void> {
  return db.asService(async (tx) => {
    await sql`select set_config('app.may_seed_agents', 'yes', true)`.execute(tx);
    const names = agents.map(({ name }) => name);
    await tx
      .deleteFrom('agent')
      .where('scope', '=', 'system')
      .where('name', 'not in', names)
      .execute();
    for (const agent of agents) {
      const content = contentOf(agent);
      await tx
        .insertInto('agent')
        .values({ scope: 'system', user_id: '', name: agent.name, content })
        .onConflict((conflict) =>
          conflict
            .columns(['user_id', 'name'])
            .doUpdateSet({ content, version: sql<number>`agent.version + 1` })
            .where(sql<boolean>`agent.content <> excluded.content`),
        )
        .execute();
    }
  });
}

function read(db: Db, owner: Owner, tell: TellUnreadable): Promise<readonly Agent[]> {
  return db.asUser(owner, async (tx) => {
    const rows = await tx
      .selectFrom('agent')
      .selectAll()
      .where('user_id', 'in', seenBy(owner))
      .orderBy('name')
      .execute();
    return rows.flatMap((row) => {
      const agent = toAgent(row);
      if (agent === undefined) tell({ name: row.name });
      return agent ?? [];
    });
  });
}

/** Throws conflict for a name that is taken, and for one agent too many. */
function create(db: Db, owner: Owner, agent: Agent): Promise<Agent> {
  return db.asUser(owner, async (tx) => {
    const taken = await tx
      .selectFrom('agent')
      .select(['name', 'scope'])
      .where('user_id', 'in', seenBy(owner))
      .execute();
    if (taken.some(({ name }) => name === agent.name)) {
      throw new MosaicError('conflict', `There is already an agent "${agent.name}".`);
    }
    if (taken.filter(({ scope }) => scope === 'user').length >= maxAgentsOfOne) {
      const sentence = `There are ${maxAgentsOfOne} agents already; remove one first.`;
      throw new MosaicError('conflict', sentence);
    }
    const row = await tx
      .insertInto('agent')
      .values({
        scope: 'user',
        user_id: owner.userId,
        name: agent.name,
        content: contentOf(agent),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    // Made at the same moment by another client of the same person.
    if (row === undefined) throw new MosaicError('conflict');
    return readable(row);
  });
}

/** Throws not_found, forbidden for the system's, conflict for another version. */
function change(
  db: Db,
  owner: Owner,
  wish: Wish & { readonly change: (agent: Agent) => Agent },
): Promise<Agent> {
  return db.asUser(owner, async (tx) => {
    const before = await findForWriting(tx, owner, wish);
    const content = contentOf(wish.change(readable(before)));
    const row = await tx
      .updateTable('agent')
      .set({ content, version: before.version + 1, updated_at: new Date().toISOString() })
      .where('user_id', '=', owner.userId)
      .where('name', '=', wish.name)
      .returningAll()
      .executeTakeFirstOrThrow();
    return readable(row);
  });
}

/** Throws as `change`. */
function remove(db: Db, owner: Owner, wish: Wish): Promise<void> {
  return db.asUser(owner, async (tx) => {
    await findForWriting(tx, owner, wish);
    await tx
      .deleteFrom('agent')
      .where('user_id', '=', owner.userId)
      .where('name', '=', wish.name)
      .execute();
  });
}

/** Whose agents a person sees: their own and the system's, which are nobody's. */
function seenBy({ userId }: Owner): string[] {
  return ['', userId];
}

async function findForWriting(tx: Tx, owner: Owner, { name, version }: Wish): Promise<Row> {
  const rows = await tx
    .selectFrom('agent')
    .selectAll()
    .where('name', '=', name)
    .where('user_id', 'in', seenBy(owner))
    .execute();
  const own = rows.find(({ user_id }) => user_id === owner.userId);
  if (own === undefined) {
    if (rows.length === 0) throw new MosaicError('not_found', `You have no agent "${name}".`);
    const sentence = `"${name}" comes with Mosaic and can't be changed; make one of your own from it.`;
    throw new MosaicError('forbidden', sentence);
  }
  if (version === undefined || version === own.version) return own;
  throw new MosaicError('conflict', undefined, { details: { version: own.version } });
}

type Row = Selectable<AgentTables['agent']>;

function contentOf({ name: _name, scope: _scope, version: _version, ...content }: Agent): string {
  return JSON.stringify(content, (_key, value: unknown) =>
    // PostgreSQL keeps neither NUL nor half a surrogate pair in JSON.
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value,
  );
}

function toAgent({ content, name, scope, version }: Row): Agent | undefined {
  const known = typeof content === 'object' ? content : {};
  return agentSchema.safeParse({ ...known, name, scope, version }).data;
}

function readable(row: Row): Agent {
  const agent = toAgent(row);
  if (agent !== undefined) return agent;
  throw new MosaicError('conflict', 'This agent was written by a newer Mosaic.');
}
