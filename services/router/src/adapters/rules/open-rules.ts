import { join } from 'node:path';
import { type Bus, type Logger, openDatabase } from '@mosaic/service-kit';
import { builtInRules, makePolicy, nothingOwn } from '../../app/rules/policy.ts';
import { type LearningStore, openLearningStore } from '../../stores/learning-store.ts';
import { openRuleStore, type RuleStore } from '../../stores/rule-store.ts';
import type { RouterTables } from '../../stores/tables.ts';
import { keepRuleBook, type RuleBook } from './rule-book.ts';

export interface Rules {
  readonly book: RuleBook;
  /** Undefined without a database: nothing can be saved. */
  readonly store: RuleStore | undefined;
  /** The same for feedback and what is learned from it. */
  readonly learning: LearningStore | undefined;
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
    return { book: builtInBook(), store: undefined, learning: undefined, close: async () => {} };
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
  return { book, store, learning: openLearningStore(db), close: () => db.close() };
}

function builtInBook(): RuleBook {
  const policy = makePolicy(builtInRules, nothingOwn, false);
  const nothing = async () => {};
  return {
    policyFor: () => policy,
    look: nothing,
    stop: nothing,
    hasLooked: true,
    isOpen: false,
    trouble: undefined,
  };
}
