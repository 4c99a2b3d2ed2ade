import { type CompletionPart, completionPartSchema } from '@mosaic/proto';
import { realTimers } from '../src/adapters/real-timers.ts';
import { blankCard } from '../src/app/catalogue.ts';
import type { CallPermit } from '../src/app/run/run-ports.ts';
import { runCandidates } from '../src/app/run-candidates.ts';

import { makeFault } from '../src/app/vendor/vendor-fault.ts';
import type {
  CompletionRequest,
  Timers,
  Vendor,
  VendorFault,
} from '../src/app/vendor/vendor-port.ts';

export interface RunChoices {
  readonly request?: Partial<CompletionRequest>;
  readonly signal?: AbortSignal;
  readonly firstPartMs?: number;
  readonly idleMs?: number;
  readonly totalMs?: number;
  readonly settleMs?: number;
  readonly timers?: Timers;
  readonly onPart?: (part: CompletionPart) => unknown;
  /** As `onPart`, and the next part is not asked for before it is done. */
  readonly afterPart?: (part: CompletionPart) => Promise<void>;
}

export interface Run {
  readonly parts: readonly CompletionPart[];
  /** How each call went, as the breaker hears it. */
  readonly recorded: readonly (VendorFault | null)[];
}

/** A short question to models of one vendor. */
export function requestFor(vendor: Vendor, models: readonly string[]): CompletionRequest {
  return {
    candidates: models.map((model) => ({ provider: vendor.name, model })),
    system: 'Be brief.',
    turns: [{ role: 'user', content: [{ type: 'text', text: 'Say hello.' }] }],
    tools: [],
    toolChoice: 'auto',
    purpose: 'turn',
  };
}

/** Runs models of one vendor as candidates against a real server and checks every part's form. */
export async function runVendor(
  vendor: Vendor,
  models: readonly string[],
  choices: RunChoices = {},
): Promise<Run> {
  const parts: CompletionPart[] = [];
  const recorded: (VendorFault | null)[] = [];
  const request = { ...requestFor(vendor, models), ...choices.request };
  const signal = choices.signal ?? new AbortController().signal;
  const running = runCandidates(request, signal, {
    resolve: ({ model }, except) => {
      if (except.has('only')) return { obstacle: makeFault('provider_auth', 'No other key.') };
      return {
        vendor,
        card: vendor.cards.find((card) => card.model === model) ?? blankCard(model),
        isSimulated: false,
        keyId: 'only',
        permit: recordingPermit(recorded),
      };
    },
    budget: { countCall: () => {}, takeRetry: () => true },
    deadlinesOf: () => ({
      firstPartMs: choices.firstPartMs ?? 60_000,
      idleMs: choices.idleMs ?? 60_000,
      settleMs: choices.settleMs ?? 50,
    }),
    totalMs: choices.totalMs ?? 600_000,
    timers: choices.timers ?? realTimers,
  });
  for await (const part of running) {
    parts.push(completionPartSchema.parse(part));
    choices.onPart?.(part);
    await choices.afterPart?.(part);
  }
  return { parts, recorded };
}

/** Keeps the first word about how a request ended, as the registry does. */
function recordingPermit(recorded: (VendorFault | null)[]): CallPermit {
  let hasEnded = false;
  return {
    answers: () => {},
    ended(fault) {
      if (!hasEnded) recorded.push(fault);
      hasEnded = true;
    },
  };
}

/** All text of an answer. */
export function textOf(parts: readonly CompletionPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** The last part, which must be of this type, alone of its kind and the only end. */
export function lastOf<Type extends 'end' | 'error'>(parts: readonly CompletionPart[], type: Type) {
  const last = parts.at(-1);
  const ends = parts.filter((part) => part.type === 'end' || part.type === 'error');
  if (ends.length !== 1 || last?.type !== type) {
    throw new Error(`expected one last ${type}, got ${JSON.stringify(ends)}`);
  }
  return last as Extract<CompletionPart, { type: Type }>;
}

/** An answer without what differs from run to run: times, and ids that we minted. */
export function comparable(parts: readonly CompletionPart[]): unknown {
  const text = JSON.stringify(parts.map((part) => ({ ...part, timings: null })));
  return JSON.parse(text.replaceAll(/call_[0-9a-f]{32}/g, 'call_minted'));
}
