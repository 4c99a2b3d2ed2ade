import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EndedCall, makeId, noUsage } from '@mosaic/proto';
import { createLogger, openDatabase } from '@mosaic/service-kit';
import fc from 'fast-check';
import { makeReservations } from '../../src/adapters/limits/reservations.ts';
import { realTimers } from '../../src/adapters/real-timers.ts';
import type { ReserveWish } from '../../src/app/limits/budget-port.ts';
import { openLedgerStore } from '../../src/stores/ledger-store.ts';
import { openLimitStore } from '../../src/stores/limit-store.ts';
import { type ProvidersDatabase, providersSchema } from '../../src/stores/providers-database.ts';
import type { ProvidersTables } from '../../src/stores/tables.ts';

const leaseMs = 60_000;
const noon = '2026-11-25T12:00:00.000Z';

/** What a budget must hold on every server that Mosaic runs on. */
export function claimBudget(name: string, url: string): void {
  const open = () => openDatabase<ProvidersTables>({ ...providersSchema, url });
  const using = (use: (stores: Stores) => Promise<void>) => async () => {
    const [first, second] = [open(), open()];
    try {
      await first.migrate();
      await use(storesOf(first, second));
    } finally {
      await Promise.all([first.close(), second.close()]);
    }
  };
  claimReserving(name, using);
  claimSettling(name, using);
  claimDecisions(name, using);
}

/** Two pools, as two replicas have them. */
function storesOf(first: ProvidersDatabase, second: ProvidersDatabase) {
  return {
    db: first,
    ledger: openLedgerStore(first),
    limits: openLimitStore(first),
    replica: openLimitStore(second),
  };
}

type Stores = ReturnType<typeof storesOf>;
type Using = (use: (stores: Stores) => Promise<void>) => () => Promise<void>;

const wishOf = (more: Partial<ReserveWish & { leaseMs: number }> = {}) => ({
  ...{ callId: makeId(), startedAt: noon, usd: 0.1, limitUsd: 0.7, leaseMs },
  ...more,
});

function endOf(callId: string, usd: number | null, more: Partial<EndedCall> = {}): EndedCall {
  return {
    ...{ id: callId, startedAt: noon, conversationId: null, agent: null, purpose: 'turn' },
    ...{ provider: 'anthropic', model: 'claude-haiku-4-5', isSimulated: false },
    ...{ outcome: 'answered', stop: 'stop', errorCode: null, usage: noUsage },
    cost: { usd, source: usd === null ? 'unknown' : 'table' },
    ...{ timings: { firstTokenMs: 1, totalMs: 2 }, attempts: 1, skipped: [] },
    ...more,
  };
}

function claimReserving(name: string, using: Using): void {
  test(
    `${name}: of 50 that reserve at once at two replicas exactly the seven pass that the budget holds`,
    using(async ({ limits, replica }) => {
      const user = makeId();
      const all = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          (index % 2 === 0 ? limits : replica).reserve(user, wishOf()),
        ),
      );
      assert.equal(all.filter((one) => one.isAllowed).length, 7);
      const { reservedUsd } = await limits.readSpending(user, new Date(noon));
      assert.equal(reservedUsd, 0.7);
      assert.ok((await replica.reserve(makeId(), wishOf())).isAllowed, 'others have their own');
    }),
  );

  test(
    `${name}: whatever is reserved at once, the budget is never passed, and nobody is refused what would fit`,
    using(async ({ limits, replica }) => {
      const cents = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 16 });
      await fc.assert(
        fc.asyncProperty(cents, fc.integer({ min: 10, max: 200 }), async (amounts, limit) => {
          const user = makeId();
          const all = await Promise.all(
            amounts.map(async (amount, index) => {
              const wish = wishOf({ usd: amount / 100, limitUsd: limit / 100 });
              const store = index % 2 === 0 ? limits : replica;
              return { amount, isAllowed: (await store.reserve(user, wish)).isAllowed };
            }),
          );
          const sum = all.reduce((total, one) => total + (one.isAllowed ? one.amount : 0), 0);
          assert.ok(sum <= limit, `${sum} of ${limit}`);
          for (const one of all) assert.ok(one.isAllowed || sum + one.amount > limit);
        }),
        { seed: 20_261_125, numRuns: 12 },
      );
    }),
  );

  test(
    `${name}: reserving again changes the amount, and a refusal leaves the old one`,
    using(async ({ limits }) => {
      const user = makeId();
      const wish = wishOf();
      await limits.reserve(user, wish);
      assert.ok((await limits.reserve(user, { ...wish, usd: 0.5 })).isAllowed);
      assert.equal((await limits.reserve(user, { ...wish, usd: 0.8 })).isAllowed, false);
      const { reservedUsd } = await limits.readSpending(user, new Date(noon));
      assert.equal(reservedUsd, 0.5);
    }),
  );

  test(
    `${name}: what nobody renews is free again, and what is renewed in time is not`,
    using(async ({ limits }) => {
      const user = makeId();
      const [dead, alive] = [wishOf({ usd: 0.4, leaseMs: 1 }), wishOf({ usd: 0.3, leaseMs: 1 })];
      await limits.reserve(user, dead);
      await limits.reserve(user, alive);
      assert.ok(await limits.renew(user, { callId: alive.callId, leaseMs }));
      const { reservedUsd } = await limits.readSpending(user, new Date(noon));
      assert.equal(reservedUsd, 0.3);
      assert.ok((await limits.reserve(user, wishOf({ usd: 0.4 }))).isAllowed);
      assert.equal(await limits.renew(user, { callId: makeId(), leaseMs }), false);
    }),
  );

  test(
    `${name}: an unknown price passes while anything is left, and not when nothing is`,
    using(async ({ ledger, limits }) => {
      const user = makeId();
      const unknown = () => limits.reserve(user, wishOf({ usd: null }));
      assert.ok((await unknown()).isAllowed);
      await ledger.writeEnds(user, [endOf(makeId(), 0.69)]);
      assert.ok((await unknown()).isAllowed);
      await ledger.writeEnds(user, [endOf(makeId(), 0.01)]);
      assert.equal((await unknown()).isAllowed, false);
    }),
  );
}

function claimSettling(name: string, using: Using): void {
  test(
    `${name}: the end of a call turns what was set aside into what was spent, once, however often it comes`,
    using(async ({ ledger, limits }) => {
      const user = makeId();
      const wish = wishOf({ usd: 0.5 });
      await limits.reserve(user, wish);
      for (let round = 0; round < 3; round += 1) {
        await ledger.writeEnds(user, [endOf(wish.callId, 0.2)]);
      }
      const spending = await limits.readSpending(user, new Date(noon));
      assert.deepEqual(spending, { spentUsd: 0.2, reservedUsd: 0, unknownCostCalls: 0 });
      assert.equal(await limits.renew(user, { callId: wish.callId, leaseMs }), false);
    }),
  );

  test(
    `${name}: there is no moment in which a call is neither set aside nor spent`,
    using(async ({ ledger, limits, replica }) => {
      const user = makeId();
      const wishes = Array.from({ length: 20 }, () => wishOf({ usd: 0.25, limitUsd: 5 }));
      await Promise.all(wishes.map((wish) => limits.reserve(user, wish)));
      let isSettling = true;
      const look = async () => {
        const sums = [];
        while (isSettling) {
          const { reservedUsd, spentUsd } = await replica.readSpending(user, new Date(noon));
          sums.push(reservedUsd + spentUsd);
        }
        return sums;
      };
      const looking = look();
      for (const wish of wishes) await ledger.writeEnds(user, [endOf(wish.callId, 0.25)]);
      isSettling = false;
      assert.deepEqual([...new Set(await looking)], [5]);
    }),
  );

  test(
    `${name}: who is refused only for an answer that is just over is asked again when its record is there`,
    using(async ({ ledger, limits }) => {
      const user = makeId();
      const over = wishOf({ usd: 0.5 });
      await limits.reserve(user, over);
      let tries = 0;
      const reserveAndSettle: typeof limits.reserve = async (userId, wish) => {
        const reserved = await limits.reserve(userId, wish);
        tries += 1;
        if (tries === 1) await ledger.writeEnds(user, [endOf(over.callId, 0.1)]);
        return reserved;
      };
      const reservations = makeReservations({
        store: { ...limits, reserve: reserveAndSettle },
        timers: realTimers,
        log: createLogger('silent'),
        leaseMs,
      });
      const verdict = await reservations.reserve(user, wishOf({ usd: 0.5 }));
      assert.deepEqual([verdict !== 'unchecked' && verdict.isAllowed, tries], [true, 2]);
      const hopeless = await reservations.reserve(user, wishOf({ usd: 0.65 }));
      assert.deepEqual([hopeless !== 'unchecked' && hopeless.isAllowed, tries], [false, 3]);
      reservations.stop();
    }),
  );

  test(
    `${name}: a day begins with its whole budget, and simulated calls are no part of any`,
    using(async ({ ledger, limits }) => {
      const user = makeId();
      const yesterday = '2026-11-24T23:59:59.999Z';
      await limits.reserve(user, wishOf({ startedAt: yesterday, usd: 0.3 }));
      await ledger.writeEnds(user, [endOf(makeId(), 0.4, { startedAt: yesterday })]);
      await ledger.writeEnds(user, [endOf(makeId(), 9, { isSimulated: true })]);
      const late = await limits.reserve(user, wishOf({ startedAt: yesterday }));
      assert.equal(late.isAllowed, false);
      const first = await limits.reserve(
        user,
        wishOf({ startedAt: '2026-11-25T00:00:00.000Z', usd: 0.7 }),
      );
      assert.ok(first.isAllowed);
      assert.deepEqual(first.spending, { spentUsd: 0, reservedUsd: 0, unknownCostCalls: 0 });
    }),
  );
}

function claimDecisions(name: string, using: Using): void {
  test(
    `${name}: the service reads what was decided for everybody, a user the own alone, and nobody writes for another`,
    using(async ({ db, limits }) => {
      const [ada, bob] = [makeId(), makeId()];
      await limits.put(ada, { budgetUsdPerDay: 2.5, tokensPerMinute: null }, 'root');
      await limits.put(ada, { budgetUsdPerDay: null, requestsPerMinute: 3 }, 'root');
      await limits.put(bob, { budgetUsdPerDay: 0 }, 'root');
      const all = await limits.readAll();
      assert.deepEqual(all.get(ada), { budgetUsdPerDay: null, requestsPerMinute: 3 });
      assert.deepEqual(all.get(bob), { budgetUsdPerDay: 0 });
      const seen = await db.asUser({ userId: ada }, (tx) =>
        tx.selectFrom('user_limits').select('user_id').execute(),
      );
      assert.deepEqual(seen, [{ user_id: ada }]);
      const forged = db.asUser({ userId: ada }, (tx) =>
        tx.insertInto('user_limits').values({ user_id: makeId(), changed_by: ada }).execute(),
      );
      await assert.rejects(forged, { code: '42501' });
      await limits.reserve(bob, wishOf());
      const foreign = await db.asUser({ userId: ada }, (tx) =>
        tx.selectFrom('reservation').selectAll().execute(),
      );
      assert.deepEqual(foreign, []);
      await limits.remove(ada);
      assert.equal((await limits.readAll()).has(ada), false);
    }),
  );
}
