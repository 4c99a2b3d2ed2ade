import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MosaicError, type RemovedCounts } from '@mosaic/proto';
import { type Logger, openDatabase, removeUserRows } from '@mosaic/service-kit';
import { systemAgents } from '../../app/system-agents.ts';
import { type AgentStore, openAgentStore } from '../../stores/agent-store.ts';
import type { AgentTables } from '../../stores/tables.ts';

const tryAgainMs = 1_000;

export interface KeptAgents {
  /** Undefined without a database: there are the agents that come with Mosaic, and no others. */
  readonly store: AgentStore | undefined;
  /** Why agents can't be read or kept now; undefined when they can. */
  readonly trouble: string | undefined;
  /** Removes the own agents and choices of a user. Throws service_unavailable before tables are there. */
  purge(userId: string): Promise<RemovedCounts>;
  close(): Promise<void>;
}

/**
 * Opens the tables and puts in the system's agents. Returns at once and goes on trying: turns are
 * answered by the built-in agents while PostgreSQL is away.
 */
export function openAgents(parts: {
  readonly databaseUrl: string | undefined;
  readonly log: Logger;
}): KeptAgents {
  const { databaseUrl, log } = parts;
  if (databaseUrl === undefined) {
    const trouble = 'agents has no DATABASE_URL: only the built-in agents are there';
    log.warn(trouble);
    return { store: undefined, trouble, purge: async () => ({}), close: async () => {} };
  }
  const db = openDatabase<AgentTables>({
    url: databaseUrl,
    schema: 'agents',
    role: 'agents_app',
    migrationsDir: join(import.meta.dirname, '..', '..', '..', 'migrations'),
    startTimeoutMs: 0,
  });
  const store = openAgentStore(db, (agent) =>
    log.warn(agent, 'an agent can not be read by this version and is left out'),
  );
  const closing = new AbortController();
  let trouble: string | undefined = 'PostgreSQL is away, the built-in agents are in force';
  const open = async () => {
    while (!closing.signal.aborted) {
      try {
        await db.migrate();
        await store.seed(systemAgents);
        trouble = undefined;
        return;
      } catch (err) {
        log.warn({ err }, 'agents can not be opened yet');
        await pause(tryAgainMs, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  };
  const opening = open();
  return {
    store,
    get trouble() {
      return trouble;
    },
    async purge(userId) {
      if (trouble !== undefined) throw new MosaicError('service_unavailable', trouble);
      return removeUserRows(db, userId);
    },
    async close() {
      closing.abort();
      await opening;
      await db.close();
    },
  };
}
