import { makeId, type ProviderName, type StartedCall, streamCompletion } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { keepAccount } from '../app/account/keep-account.ts';
import { type RunPorts, runCandidates } from '../app/run-candidates.ts';
import type { CompletionRequest } from '../app/vendor/vendor-port.ts';
import { deadlinesOf, type ProvidersConfig } from '../settings.ts';
import type { Credentials } from './credentials.ts';
import type { Ledger } from './ledger.ts';
import type { Limits } from './limits/open-limits.ts';
import { realTimers } from './real-timers.ts';
import { resolveWithKeys } from './resolve-with-keys.ts';
import type { VendorRegistry } from './vendor-registry.ts';

export interface ServingCompletions extends Pick<Ledger, 'accountOf'>, Pick<Credentials, 'keysOf'> {
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
  const { accountOf, bus, config, keysOf, limits, registry } = serving;
  const timers = realTimers;
  const isSimulated = (name: ProviderName) => registry.status(name).isSimulated;

  async function* complete(request: CompletionRequest, userId: string, signal: AbortSignal) {
    const keys = await keysOf(userId);
    const resolve = resolveWithKeys({ config, registry, keys });
    const ask = (countAttempt: () => void, started: StartedCall) => {
      const record: RunPorts['record'] = (provider, fault) => {
        // Refused for money: no vendor was asked.
        if (fault?.code !== 'budget_exceeded') countAttempt();
        // What one person's key meets with says nothing about the vendor for everybody else.
        if (!keys.has(provider)) registry.record(provider, fault);
      };
      return limits.withinBudget({ userId, started }, (guard) =>
        runCandidates(request, signal, {
          resolve: (candidate) => guard(resolve(candidate)),
          record,
          deadlinesOf: (name) => deadlinesOf(config, name),
          totalMs: config.totalMs,
          timers,
        }),
      );
    };
    const account = accountOf(userId);
    yield* limits.withinMinute({ userId, request }, () =>
      keepAccount(request, ask, { account, timers, makeId, isSimulated }),
    );
  }
  bus.handleStream(streamCompletion, (request, { caller, signal }) =>
    complete(request, caller.userId, signal),
  );
}
