import { makeId, type ProviderName, streamCompletion } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { keepAccount } from '../app/account/keep-account.ts';
import { type RunPorts, runCandidates } from '../app/run-candidates.ts';
import { deadlinesOf, type ProvidersConfig } from '../settings.ts';
import type { Ledger } from './ledger.ts';
import { realTimers } from './real-timers.ts';
import type { VendorRegistry } from './vendor-registry.ts';

export interface ServingCompletions extends Pick<Ledger, 'accountOf'> {
  readonly bus: Bus;
  readonly config: ProvidersConfig;
  readonly registry: Pick<VendorRegistry, 'record' | 'resolve' | 'status'>;
}

/** Answers the contract `streamCompletion` and keeps account of every call. */
export function serveCompletions(serving: ServingCompletions): void {
  const { accountOf, bus, config, registry } = serving;
  const timers = realTimers;
  const isSimulated = (name: ProviderName) => registry.status(name).isSimulated;

  bus.handleStream(streamCompletion, (request, { caller, signal }) => {
    const ask = (countAttempt: () => void) => {
      const record: RunPorts['record'] = (provider, fault) => {
        countAttempt();
        registry.record(provider, fault);
      };
      return runCandidates(request, signal, {
        resolve: registry.resolve,
        record,
        deadlinesOf: (name) => deadlinesOf(config, name),
        totalMs: config.totalMs,
        timers,
      });
    };
    const account = accountOf(caller.userId);
    return keepAccount(request, ask, { account, timers, makeId, isSimulated });
  });
}
