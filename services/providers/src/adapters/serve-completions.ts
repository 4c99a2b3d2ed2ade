import { makeId, type ProviderName, streamCompletion } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { keepAccount } from '../app/account/keep-account.ts';
import type { UserKeys } from '../app/registry/resolve-candidate.ts';
import { makeRetryBudget } from '../app/run/retry-budget.ts';
import { runCandidates } from '../app/run-candidates.ts';
import { deadlinesOf, type ProvidersConfig } from '../settings.ts';
import type { Ledger } from './ledger.ts';
import { realTimers } from './real-timers.ts';
import type { VendorRegistry } from './vendor-registry.ts';

/** A user's own keys; rejects when nobody can know, and then the call fails. */
export type KeysOf = (userId: string) => Promise<UserKeys>;

/** Nobody has keys of their own. */
export const noUserKeys: KeysOf = async () => new Map();

export interface ServingCompletions extends Pick<Ledger, 'accountOf'> {
  readonly bus: Bus;
  readonly config: ProvidersConfig;
  readonly registry: Pick<VendorRegistry, 'resolve' | 'status'>;
  readonly keysOf?: KeysOf;
}

/** Answers the contract `streamCompletion` and keeps account of every call. */
export function serveCompletions(serving: ServingCompletions): void {
  const { accountOf, bus, config, registry, keysOf = noUserKeys } = serving;
  const timers = realTimers;
  const budget = makeRetryBudget(timers);
  const isSimulated = (name: ProviderName) => registry.status(name).isSimulated;

  bus.handleStream(streamCompletion, (request, { caller, signal }) => {
    const ask = async function* (countAttempt: () => void) {
      const userKeys = await keysOf(caller.userId);
      const { conversationId } = request;
      yield* runCandidates(request, signal, {
        resolve: (candidate, except) =>
          registry.resolve(candidate, { userKeys, conversationId, except }),
        budget,
        countAttempt,
        deadlinesOf: (name) => deadlinesOf(config, name),
        totalMs: config.totalMs,
        timers,
      });
    };
    const account = accountOf(caller.userId);
    return keepAccount(request, ask, { account, timers, makeId, isSimulated });
  });
}
