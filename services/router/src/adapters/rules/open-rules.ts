import { join } from 'node:path';
import { MosaicError, type RemovedCounts } from '@mosaic/proto';
import { type Bus, type Logger, openDatabase, removeUserRows } from '@mosaic/service-kit';
import { builtInRules, makePolicy } from '../../app/rules/policy.ts';
import { openRuleStore, type RuleStore } from '../../stores/rule-store.ts';
import type { RouterTables } from '../../stores/tables.ts';
import { keepRuleBook, type RuleBook } from './rule-book.ts';

export interface Rules {
  readonly book: RuleBook;
  /** Undefined without a database: nothing can be saved. */
  readonly store: RuleStore | undefined;
  /** Removes the own rules of a user and their history. */
  purge(userId: string): Promise<RemovedCounts>;
  close(): Promise<void>;
}

/** Opens the rules. Without a database the built-in ones are in force, and nothing can be saved. */
export function openRules(parts: {
  readonly bus: Bus;
  readonly log: Logger;
  readonly databaseUrl: string | undefined;
}): Rules {
  const { bus, databaseUrl, log } = parts;
  if (databaseUrl === undefined) {
    log.warn('router has no DATABASE_URL: the built-in rules are in force, none can be saved');
    return {
      book: builtInBook(),
      store: undefined,
      purge: async () => ({}),
      close: async () => {},
    };
  }
  const db = openDatabase<RouterTables>({
    url: databaseUrl,
    schema: 'router',
    role: 'router_app',
    migrationsDir: join(import.meta.dirname, '..', '..', '..', 'migrations'),
    startTimeoutMs: 0,
  });
  const store = openRuleStore(db, (rule) =>
    log.warn(rule, 'a rule can not be read by this version and is left out'),
  );
  const book = keepRuleBook({ bus, log, store, migrate: () => db.migrate() });
  const purge = async (userId: string) => {
    // Before the first look there are no tables; the deletion comes again.
    if (!book.isOpen) throw new MosaicError('service_unavailable');
    const rows = await removeUserRows(db, userId);
    return { ...rows, revisions: await store.forgetOwner(userId) };
  };
  return { book, store, purge, close: () => db.close() };
}

function builtInBook(): RuleBook {
  const policy = makePolicy(builtInRules, [], false);
  const nothing = async () => {};
  return {
    policyFor: () => policy,
    look: nothing,
    forget: () => {},
    stop: nothing,
    hasLooked: true,
    isOpen: false,
    trouble: undefined,
  };
}
