import type { OwnLimits } from '@mosaic/proto';
import { sql, type Transaction } from 'kysely';
import type { Reserved, ReserveWish, Spending } from '../app/limits/budget-port.ts';
import { dayOf } from '../app/limits/day.ts';
import type { ProvidersDatabase } from './providers-database.ts';
import { isUnknown } from './read-usage.ts';
import type { ProvidersTables } from './tables.ts';

type Tx = Transaction<ProvidersTables>;

interface LeasedWish extends ReserveWish {
  /** How long the money stays set aside when nobody renews it. */
  readonly leaseMs: number;
}

/** What people may use, and what of it is set aside; each call is one short transaction. */
export function openLimitStore(db: ProvidersDatabase) {
  return {
    /** Everything that administrators decided for single people. */
    readAll: () => readAll(db),
    put: (userId: string, limits: OwnLimits, changedBy: string) =>
      put(db, { userId, limits, changedBy }),
    async remove(userId: string) {
      await db.asUser({ userId }, (tx) =>
        tx.deleteFrom('user_limits').where('user_id', '=', userId).execute(),
      );
    },
    reserve: (userId: string, wish: LeasedWish) => reserve(db, userId, wish),
    renew: (userId: string, lease: Pick<LeasedWish, 'callId' | 'leaseMs'>) =>
      renew(db, userId, lease),
    /** What one user's day came to until now. */
    async readSpending(userId: string, at: Date): Promise<Spending> {
      const nothing = { without: '', usd: 0, limitUsd: 0 };
      return (await db.asUser({ userId }, (tx) => sumDay(tx, userId, { at, ...nothing }))).spending;
    },
  };
}

export type LimitStore = ReturnType<typeof openLimitStore>;

async function readAll(db: ProvidersDatabase): Promise<ReadonlyMap<string, OwnLimits>> {
  const rows = await db.asService((tx) => tx.selectFrom('user_limits').selectAll().execute());
  return new Map(
    rows.map((row) => [
      row.user_id,
      {
        ...limitOf('budgetUsdPerDay', row.budget_usd_per_day),
        ...limitOf('requestsPerMinute', row.requests_per_minute),
        ...limitOf('tokensPerMinute', row.tokens_per_minute),
      },
    ]),
  );
}

function limitOf(name: keyof OwnLimits, stored: string | null): OwnLimits {
  if (stored === null) return {};
  const limit = Number(stored);
  return { [name]: Number.isFinite(limit) ? limit : null };
}

/** The column of a limit: infinity for none, null for "as for everybody". */
function columnOf(limit: number | null | undefined): number | null {
  return limit === null ? Number.POSITIVE_INFINITY : (limit ?? null);
}

interface Decision {
  readonly userId: string;
  readonly limits: OwnLimits;
  readonly changedBy: string;
}

async function put(db: ProvidersDatabase, { changedBy, limits, userId }: Decision) {
  const columns = {
    budget_usd_per_day: columnOf(limits.budgetUsdPerDay),
    requests_per_minute: columnOf(limits.requestsPerMinute),
    tokens_per_minute: columnOf(limits.tokensPerMinute),
    changed_by: changedBy,
    changed_at: sql<Date>`now()`,
  };
  await db.asUser({ userId }, (tx) =>
    tx
      .insertInto('user_limits')
      .values({ user_id: userId, ...columns })
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet(columns))
      .execute(),
  );
}

/**
 * Sets money aside when the day's budget allows it. One user's reserving is one after the other: the
 * lock comes in a statement of its own, because each statement sees what was committed before it began.
 */
function reserve(db: ProvidersDatabase, userId: string, wish: LeasedWish): Promise<Reserved> {
  return db.asUser({ userId }, async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`budget ${userId}`}, 0))`.execute(tx);
    const { callId: without, limitUsd, usd } = wish;
    const at = new Date(wish.startedAt);
    const { fits, spending } = await sumDay(tx, userId, { at, without, limitUsd, usd });
    if (fits && usd !== null) await setAside(tx, userId, { ...wish, usd });
    return { isAllowed: fits, spending };
  });
}

interface DayQuestion {
  readonly at: Date;
  /** A call that is not counted. */
  readonly without: string;
  readonly usd: number | null;
  readonly limitUsd: number;
}

/**
 * Both sums come from one statement, so from one moment: a call whose end is being written is either
 * still set aside or already spent. Compared as numerics, in which 0.1 + 0.2 is 0.3.
 */
async function sumDay(tx: Tx, userId: string, { at, limitUsd, usd, without }: DayQuestion) {
  const { before, since } = dayOf(at);
  const { rows } = await sql<{
    spent: string;
    reserved: string;
    unknown_cost: number;
    fits: boolean;
  }>`
    with known as (
      select coalesce(sum(cost_usd), 0) as spent, count(*) filter (where is_unknown) as unknown_cost
      from (
        select user_id, started_at, is_simulated, cost_usd, ${isUnknown} as is_unknown
        from model_call
        union all
        select user_id, started_at, is_simulated, cost_usd, cost_usd is null from unseen_request
      ) as paid
      where user_id = ${userId} and started_at >= ${since} and started_at < ${before}
        and not is_simulated
    ), live as (
      select coalesce(sum(usd), 0) as reserved
      from reservation
      where user_id = ${userId} and started_at >= ${since} and started_at < ${before}
        and call_id <> ${without} and expires_at > clock_timestamp()
    )
    select spent, reserved, unknown_cost,
      case when ${usd}::numeric is null then spent + reserved < ${limitUsd}::numeric
        else spent + reserved + ${usd}::numeric <= ${limitUsd}::numeric end as fits
    from known, live`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new TypeError('sums without a row');
  const spending: Spending = {
    spentUsd: Number(row.spent),
    reservedUsd: Number(row.reserved),
    unknownCostCalls: row.unknown_cost,
  };
  return { fits: row.fits, spending };
}

const leaseEnd = (leaseMs: number) =>
  sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`;

async function setAside(tx: Tx, userId: string, wish: LeasedWish & { readonly usd: number }) {
  const changing = { usd: wish.usd, expires_at: leaseEnd(wish.leaseMs) };
  await tx
    // An hour after its end nobody renews it any more: its worker is dead, not cut off.
    .with('swept', (sweeping) =>
      sweeping
        .deleteFrom('reservation')
        .where('user_id', '=', userId)
        .where('expires_at', '<', sql<Date>`clock_timestamp() - interval '1 hour'`),
    )
    .insertInto('reservation')
    .values({ user_id: userId, call_id: wish.callId, started_at: wish.startedAt, ...changing })
    .onConflict((conflict) => conflict.columns(['user_id', 'call_id']).doUpdateSet(changing))
    .execute();
}

/** False when there is nothing to renew: the end of the call has been written. */
async function renew(
  db: ProvidersDatabase,
  userId: string,
  { callId, leaseMs }: Pick<LeasedWish, 'callId' | 'leaseMs'>,
): Promise<boolean> {
  const result = await db.asUser({ userId }, (tx) =>
    tx
      .updateTable('reservation')
      .set({ expires_at: leaseEnd(leaseMs) })
      .where('user_id', '=', userId)
      .where('call_id', '=', callId)
      .executeTakeFirst(),
  );
  return result.numUpdatedRows > 0n;
}
