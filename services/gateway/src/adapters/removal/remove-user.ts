import {
  live,
  MosaicError,
  purgingServices,
  type RemovedCounts,
  type RemovedUser,
  userDeleted,
  userPurged,
} from '@mosaic/proto';
import type { Bus, Clock } from '@mosaic/service-kit';
import type { UserStore } from '../../stores/users.ts';
import type { Authenticator } from '../auth/authenticator.ts';

/** How long the answer waits for what the services say they removed. */
const patienceMs = 20_000;

export interface RemovingUsers {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly authenticator: Pick<Authenticator, 'forget'>;
  readonly users: UserStore;
}

/**
 * Removes an account and everything of it everywhere. The event is stored first: from then on it
 * happens, whoever is away now. Throws not_found, and conflict for an account that has to stay.
 */
export async function removeUser(removing: RemovingUsers, userId: string): Promise<RemovedUser> {
  const { authenticator, bus, clock, users } = removing;
  await users.assertMayGo(userId);
  const heard = hearCounts(bus, userId);
  try {
    await bus.flush();
    const at = new Date(clock.now()).toISOString();
    await bus.publish(userDeleted, { at }, { tokens: { userId } });
    const own = await users.remove(userId);
    authenticator.forget((person) => person.userId === userId);
    const shown = { ...own, pieces_of_answers: await bus.purgeUser(live, userId) };
    const counts = await heard.within(patienceMs);
    return {
      userId,
      removed: { gateway: shown, ...counts },
      pending: purgingServices.filter((service) => counts[service] === undefined),
    };
  } finally {
    await heard.stop();
  }
}

type Counts = Partial<Record<string, RemovedCounts>>;

/** Collects the first word of each service about this person. */
function hearCounts(bus: Bus, userId: string) {
  const counts: Record<string, RemovedCounts> = {};
  const { promise: all, resolve } = Promise.withResolvers<void>();
  const hearing = bus.subscribe(
    userPurged,
    ({ counts: removed, service }) => {
      counts[service] ??= removed;
      if (purgingServices.every((one) => counts[one] !== undefined)) resolve();
    },
    { tokens: { userId } },
  );
  return {
    async within(limitMs: number): Promise<Counts & Record<string, RemovedCounts>> {
      const timer = setTimeout(resolve, limitMs);
      await all;
      clearTimeout(timer);
      return counts;
    },
    stop: () => hearing.stop(),
  };
}

/** Whoever is signed in here with a removed account is not any more, whichever gateway removed it. */
export function forgetRemovedUsers(bus: Bus, authenticator: Pick<Authenticator, 'forget'>) {
  return bus.subscribe(userDeleted, (_, { tokens }) => {
    authenticator.forget((person) => person.userId === tokens['userId']);
  });
}

/** Throws forbidden for a limited key: it can't end the account that it is a part of. */
export function assertMayEndAccount({ scopes }: { readonly scopes: readonly string[] }): void {
  if (scopes.length === 0) return;
  throw new MosaicError('forbidden', 'A limited API key can’t remove accounts.');
}
