import { makeId, type ProviderName, type StartedCall, streamCompletion } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { keepAccount } from '../app/account/keep-account.ts';
import { type RunPorts, runCandidates } from '../app/run-candidates.ts';
import { deadlinesOf, type ProvidersConfig } from '../settings.ts';
import type { Ledger } from './ledger.ts';
import type { Limits } from './limits/open-limits.ts';
import { realTimers } from './real-timers.ts';
import type { VendorRegistry } from './vendor-registry.ts';

export interface ServingCompletions extends Pick<Ledger, 'accountOf'> {
  readonly bus: Bus;
  readonly config: ProvidersConfig;
  readonly limits: Limits;
  readonly registry: Pick<VendorRegistry, 'record' | 'resolve' | 'status'>;
}

/**
 * Answers the contract `streamCompletion` and keeps account of every call. Whose minute is full makes
 * no call; whose budget is spent makes one that asks no vendor.
 */
export function serveCompletions(serving: ServingCompletions): void {
  const { accountOf, bus, config, limits, registry } = serving;
  const timers = realTimers;
  const isSimulated = (name: ProviderName) => registry.status(name).isSimulated;

  bus.handleStream(streamCompletion, (request, { caller, signal }) => {
    const { userId } = caller;
    const ask = (countAttempt: () => void, started: StartedCall) => {
      const record: RunPorts['record'] = (provider, fault) => {
        // Refused for money: no vendor was asked.
        if (fault?.code !== 'budget_exceeded') countAttempt();
        registry.record(provider, fault);
      };
      return limits.withinBudget({ userId, started }, (guard) =>
        runCandidates(request, signal, {
          resolve: (candidate) => guard(registry.resolve(candidate)),
          record,
          deadlinesOf: (name) => deadlinesOf(config, name),
          totalMs: config.totalMs,
          timers,
        }),
      );
    };
    const account = accountOf(userId);
    return limits.withinMinute({ userId, request }, () =>
      keepAccount(request, ask, { account, timers, makeId, isSimulated }),
    );
  });
}
