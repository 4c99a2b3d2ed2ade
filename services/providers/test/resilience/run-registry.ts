import type { CompletionPart, HealthChange, ModelRef } from '@mosaic/proto';
import { readConfig } from '@mosaic/service-kit';
import { makeVendors } from '../../src/adapters/make-vendors.ts';
import { realTimers } from '../../src/adapters/real-timers.ts';
import { VendorRegistry } from '../../src/adapters/vendor-registry.ts';
import { KeyRests } from '../../src/app/keys/key-rests.ts';
import type { UserKeys } from '../../src/app/registry/resolve-candidate.ts';
import { makeRetryBudget } from '../../src/app/run/retry-budget.ts';
import { runCandidates } from '../../src/app/run-candidates.ts';
import type { Timers } from '../../src/app/vendor/vendor-port.ts';
import { deadlinesOf, providersSettings } from '../../src/settings.ts';

/** Time that passes `factor` times as fast, for waits that nobody wants to wait for. */
export function hurriedTimers(factor: number): Timers {
  const startMs = Date.now();
  const origin = performance.now();
  return {
    now: () => startMs + (performance.now() - origin) * factor,
    random: () => Math.random(),
    after: (delayMs, run) => realTimers.after(delayMs / factor, run),
  };
}

export interface AskChoices {
  readonly candidates?: readonly ModelRef[];
  readonly conversationId?: string;
  readonly userKeys?: UserKeys;
  readonly signal?: AbortSignal;
}

export const opus = { provider: 'anthropic', model: 'claude-opus-4-6' } as const;
export const sonnet = { provider: 'anthropic', model: 'claude-sonnet-4-6' } as const;

/** The vendors of one replica without its bus, as `main.ts` puts them together. */
export function startRegistry(env: Record<string, string>, timers: Timers = realTimers) {
  const config = readConfig(providersSettings, env);
  const rests = new KeyRests(timers);
  const health: HealthChange[] = [];
  const registry = new VendorRegistry({
    vendors: makeVendors(config).all,
    rests,
    timers,
    onChange: () => {},
    onHealth: (change) => health.push(change),
    onRest: () => {},
  });
  const budget = makeRetryBudget(timers);

  /** Makes one call and gives its parts. */
  const ask = async (choices: AskChoices = {}): Promise<CompletionPart[]> => {
    const { userKeys = new Map(), conversationId } = choices;
    const request = {
      candidates: [...(choices.candidates ?? [opus])],
      system: null,
      turns: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }],
      tools: [],
      toolChoice: 'auto' as const,
      purpose: 'turn' as const,
    };
    const signal = choices.signal ?? new AbortController().signal;
    const parts: CompletionPart[] = [];
    const running = runCandidates(request, signal, {
      resolve: (candidate, except) =>
        registry.resolve(candidate, { userKeys, conversationId, except }),
      budget,
      deadlinesOf: (name) => deadlinesOf(config, name),
      totalMs: config.totalMs,
      timers,
    });
    for await (const part of running) parts.push(part);
    return parts;
  };
  return { ask, registry, rests, health };
}

/** How a call went: `answered`, or the code of its error. */
export function outcomeOf(parts: readonly CompletionPart[]): string {
  const last = parts.at(-1);
  return last?.type === 'error' ? last.failure.code : last?.type === 'end' ? 'answered' : 'cut off';
}
