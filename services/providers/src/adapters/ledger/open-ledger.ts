import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  callEnded,
  callStarted,
  MosaicError,
  type RemovedCounts,
  type ReplyOf,
  type reportUsage,
  type UsageQuery,
} from '@mosaic/proto';
import { type Bus, type Logger, removeUserRows } from '@mosaic/service-kit';
import type { Account } from '../../app/account/keep-account.ts';
import { instantsOf, sumRows } from '../../app/account/sum-usage.ts';
import { type LedgerStore, openLedgerStore } from '../../stores/ledger-store.ts';
import type { ProvidersDatabase } from '../../stores/providers-database.ts';
import { moveRecords } from './move-records.ts';

export interface LedgerParts {
  readonly bus: Bus;
  readonly log: Logger;
  /** Undefined: nobody keeps account. */
  readonly database: ProvidersDatabase | undefined;
}

export interface Ledger {
  /** Takes the records of one user's calls; `trace` is that of the request which they are made for. */
  accountOf(whose: { readonly userId: string; readonly trace: string }): Account;
  /** Throws bad_request for days that are no range, and service_unavailable without database. */
  report(userId: string, query: UsageQuery): Promise<ReplyOf<typeof reportUsage>>;
  /** Removes the rows and waiting records of a user. Throws service_unavailable without database. */
  purge(userId: string): Promise<RemovedCounts>;
  /** Begins to move records into PostgreSQL, as soon as it is there. */
  start(): void;
  stop(): Promise<void>;
}

/**
 * Opens the ledger. Records go into the stream LEDGER first and from there into PostgreSQL, once each
 * by the id of their call: neither a database that is away nor a worker that dies loses one.
 */
export function openLedger({ bus, log, database: db }: LedgerParts): Ledger {
  if (db === undefined) return closedLedger(log);
  const store = openLedgerStore(db);
  const mover = moveRecords({ bus, log, store, migrate: () => db.migrate() });
  return {
    accountOf: (whose) => accountOf({ bus, log, store }, whose),
    async report(userId, query) {
      const instants = instantsOf(query);
      if (!mover.isOpen) throw closed('PostgreSQL could not be opened yet');
      const rows = [...(await store.readUsage(userId, { ...instants, by: query.by }))];
      return { ...query, rows, totals: sumRows(rows) };
    },
    async purge(userId) {
      if (!mover.isOpen) throw closed('PostgreSQL could not be opened yet');
      const waiting = await Promise.all(
        [callStarted, callEnded].map((event) => bus.purgeUser(event, userId)),
      );
      const records_waiting = waiting.reduce((sum, count) => sum + count, 0);
      return { ...(await removeUserRows(db, userId)), records_waiting };
    },
    start: mover.start,
    stop: mover.stop,
  };
}

function closedLedger(log: Logger): Ledger {
  const why = 'providers has no DATABASE_URL';
  const ignore = async () => {};
  return {
    accountOf: () => ({ started: ignore, ended: ignore }),
    report: async () => {
      throw closed(why);
    },
    purge: async () => ({}),
    start: () => log.warn(`the ledger is off: ${why}, so no model call is accounted for`),
    stop: ignore,
  };
}

function closed(why: string): MosaicError {
  return new MosaicError('service_unavailable', `The ledger cannot be read: ${why}.`);
}

interface Keeping {
  readonly bus: Bus;
  readonly log: Logger;
  readonly store: LedgerStore;
}

function accountOf(
  { bus, log, store }: Keeping,
  { trace, userId }: Parameters<Ledger['accountOf']>[0],
): Account {
  const about = { tokens: { userId }, trace };
  return {
    async started(call) {
      // The request to the vendor goes first: somebody waits for that.
      await nextTurn();
      try {
        await bus.publish(callStarted, call, { ...about, messageId: `${call.id}-started` });
      } catch (err) {
        log.warn({ err, callId: call.id }, 'the start of a model call was not kept');
      }
    },
    async ended(call) {
      try {
        await bus.publish(callEnded, call, { ...about, messageId: `${call.id}-ended` });
      } catch (err) {
        log.warn({ err, callId: call.id }, 'the stream took no record; PostgreSQL gets it now');
        await store.writeEnds(userId, [call]).catch((lost: unknown) => {
          log.error(
            { err: lost, userId, call },
            'the record of a model call is lost but for this line',
          );
        });
      }
    },
  };
}
