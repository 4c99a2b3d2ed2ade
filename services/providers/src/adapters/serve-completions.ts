import { makeId, type ProviderName, type StartedCall, streamCompletion } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { keepAccount, type RequestWatch } from '../app/account/keep-account.ts';
import { holdKey } from '../app/limits/hold-key.ts';
import { makeRetryBudget } from '../app/run/retry-budget.ts';
import { type Resolved, wrapVendor } from '../app/run/run-ports.ts';
import { runCandidates } from '../app/run-candidates.ts';
import { deadlinesOf, type ProvidersConfig } from '../settings.ts';
import type { Credentials } from './credentials/open-credentials.ts';
import type { Ledger } from './ledger/open-ledger.ts';
import type { Limits } from './limits/open-limits.ts';
import { realTimers } from './real-timers.ts';
import type { VendorRegistry } from './vendor-registry.ts';

export interface ServingCompletions extends Pick<Ledger, 'accountOf'>, Pick<Credentials, 'keysOf'> {
  readonly bus: Bus;
  readonly config: ProvidersConfig;
  readonly limits: Limits;
  readonly registry: Pick<VendorRegistry, 'resolve' | 'status'>;
}

/**
 * Answers the contract `streamCompletion` and keeps account of every call. Whose minute is full makes
 * no call; whose budget is spent makes one that asks no vendor.
 */
export function serveCompletions(serving: ServingCompletions): void {
  const { accountOf, bus, config, keysOf, limits, registry } = serving;
  const timers = realTimers;
  const budget = makeRetryBudget(timers);
  const isSimulated = (name: ProviderName) => registry.status(name).isSimulated;

  bus.handleStream(streamCompletion, (request, { caller: { userId }, signal, trace }) => {
    const ask = async function* (watch: RequestWatch, started: StartedCall) {
      const userKeys = await keysOf(userId);
      const { conversationId } = request;
      // From the inside: the vendor, counted when it is really asked, its key's minute, the budget.
      const held = (resolved: Resolved) =>
        holdKey(countRequests(resolved, watch), limits.keyAllowance);
      yield* limits.withinBudget({ userId, started }, (guard) =>
        runCandidates(request, signal, {
          resolve: (candidate, except) =>
            guard(held(registry.resolve(candidate, { userKeys, conversationId, except }))),
          budget,
          deadlinesOf: (name) => deadlinesOf(config, name),
          totalMs: config.totalMs,
          timers,
          onUnseen: watch.unseen,
        }),
      );
    };
    const account = accountOf({ userId, trace });
    return limits.withinMinute({ userId, request }, () =>
      keepAccount(request, ask, { account, timers, makeId, isSimulated }),
    );
  });
}

function countRequests(resolved: Resolved, watch: RequestWatch): Resolved {
  return wrapVendor(resolved, (ask) => (request, signal) => {
    watch.asked();
    return ask(request, signal);
  });
}
