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
  'provider_forbidden',
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

/** Faults of one model: its vendor's other models may be well. */
export const isOfModel: ReadonlySet<ErrorCode> = new Set([
  'provider_overloaded',
  'provider_failed',
  'provider_timeout',
]);

/** Faults that many calls have at once: asking again because of them makes it worse. */
const comesInStorms: ReadonlySet<ErrorCode> = new Set([
  ...isOfModel,
  'provider_rate_limited',
  'provider_cut',
  'provider_unreachable',
]);

/** A longer wait than this, in milliseconds, is left to the next candidate. */
export const longestWaitMs = 2_000;
/** A vendor that took longer than this to fail would take as long again. */
const slowFailureMs = 5_000;
const firstBackoffMs = 500;

export interface FailedTry {
  readonly fault: VendorFault;
  readonly tookMs: number;
  /** True when this candidate was already asked a second time. */
  readonly wasRetry: boolean;
  /** Retries of the whole run so far: each doubles the wait. */
  readonly retries: number;
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
export function chooseNextStep(failed: FailedTry): NextStep {
  const { fault, tookMs, wasRetry } = failed;
  const otherwise = whatElse(fault);
  if (otherwise.step !== 'next-candidate') return otherwise;
  const waitMs = fault.retryAfterMs ?? backoffMs(failed);
  const isQuick = passesQuickly.has(fault.code) && tookMs < slowFailureMs;
  if (isQuick && !wasRetry && waitMs <= longestWaitMs) return { step: 'retry', afterMs: waitMs };
  return otherwise;
}

/** What can help when asking the same candidate again does not. */
export function whatElse(fault: VendorFault): Exclude<NextStep, { step: 'retry' }> {
  if (fault.code === 'context_too_long') return { step: 'larger-context' };
  return { step: fallsOver.has(fault.code) ? 'next-candidate' : 'give-up' };
}

/** True when another request of the call to this vendor needs the budget for retries. */
export function needsBudget(fault: VendorFault, isOtherModel: boolean): boolean {
  const isOfOneModel = fault.isOfModel === true || isOfModel.has(fault.code);
  return comesInStorms.has(fault.code) && !(isOtherModel && isOfOneModel);
}

/** Exponential with full jitter: callers that failed together come back one by one. */
function backoffMs({ retries, random }: FailedTry): number {
  return random * Math.min(longestWaitMs, firstBackoffMs * 2 ** Math.min(retries, 10));
}
