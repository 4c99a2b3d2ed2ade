import type { ErrorCode } from '@mosaic/proto';
import type { VendorFault } from './vendor/vendor-port.ts';

/** Faults of the vendor or its account: another candidate may well answer. */
const fallsOver: ReadonlySet<ErrorCode> = new Set([
  'missing_key',
  'unknown_model',
  'no_model_available',
  // A cheaper or a free one may fit.
  'budget_exceeded',
  'provider_auth',
  'provider_quota',
  'provider_rate_limited',
  'provider_overloaded',
  'provider_timeout',
  'provider_unreachable',
  'provider_cut',
  'provider_failed',
]);

/** Faults that often pass within a second. An unreachable host or a silent one does not. */
const passesQuickly: ReadonlySet<ErrorCode> = new Set([
  'provider_rate_limited',
  'provider_overloaded',
  'provider_cut',
  'provider_failed',
]);

/** A longer wait than this is left to the next candidate. */
const longestWaitMs = 2_000;
/** A vendor that took longer than this to fail would take as long again. */
const slowFailureMs = 5_000;

export interface FailedTry {
  readonly fault: VendorFault;
  readonly tookMs: number;
  /** True when this candidate was already asked a second time. */
  readonly wasRetry: boolean;
  /** A number in [0, 1). */
  readonly random: number;
}

export type NextStep =
  | { readonly step: 'retry'; readonly afterMs: number }
  | { readonly step: 'next-candidate' }
  /** Only a model that reads more can help. */
  | { readonly step: 'larger-context' }
  | { readonly step: 'give-up' };

/**
 * What to do after a failure that nobody has seen yet: once more here, the next candidate, or stop
 * because the request itself is at fault and would be refused (and paid for) everywhere.
 */
export function chooseNextStep({ fault, tookMs, wasRetry, random }: FailedTry): NextStep {
  if (fault.code === 'context_too_long') return { step: 'larger-context' };
  if (!fallsOver.has(fault.code)) return { step: 'give-up' };
  const waitMs = fault.retryAfterMs ?? 250 + random * 250;
  const isQuick = passesQuickly.has(fault.code) && tookMs < slowFailureMs;
  if (isQuick && !wasRetry && waitMs <= longestWaitMs) return { step: 'retry', afterMs: waitMs };
  return { step: 'next-candidate' };
}
