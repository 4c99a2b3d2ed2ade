import type { CompletionPart, ErrorCode, Failure, ProviderName, StartedCall } from '@mosaic/proto';
import { costOf } from '../cards/cost-of.ts';
import { type Resolved, wrapVendor } from '../run/run-ports.ts';
import { makeFault } from '../vendor/vendor-fault.ts';
import type { Timers, VendorPart, VendorRequest } from '../vendor/vendor-port.ts';
import type { Reservations } from './budget-port.ts';
import { worstCaseUsd } from './estimate-call.ts';
import { budgetRefusal, unknownPriceRefusal } from './refusals.ts';

export interface BudgetPorts {
  readonly userId: string;
  readonly call: Pick<StartedCall, 'id' | 'startedAt'>;
  readonly limitUsd: number;
  /** False: within a budget only models with a known price are asked. */
  readonly allowsUnknownPrices: boolean;
  readonly reservations: Reservations;
  readonly timers: Pick<Timers, 'now'>;
}

/** Makes a candidate that is only asked when the budget allows it. */
export type Guard = (resolved: Resolved) => Resolved;

/**
 * Answers within the caller's budget of the day: before a vendor is asked, what the answer may cost at
 * most is set aside, more when a more expensive candidate comes next. Free and simulated ones are
 * always asked. When the budget left no vendor to ask, that is the reason told.
 */
export async function* spendWithin(
  ask: (guard: Guard) => AsyncIterable<CompletionPart>,
  ports: BudgetPorts,
): AsyncGenerator<CompletionPart> {
  const purse = openPurse(ports);
  const guard: Guard = (resolved) => {
    if ('obstacle' in resolved || resolved.isSimulated) return resolved;
    const { name } = resolved.vendor;
    return wrapVendor(
      resolved,
      (ask) => (request, signal) => purse.spend(name, request, () => ask(request, signal)),
    );
  };
  try {
    for await (const part of ask(guard)) yield purse.explain(part);
  } finally {
    ports.reservations.release(ports.call.id);
  }
}

/** What one call has set aside, and what was refused it. */
function openPurse(ports: BudgetPorts) {
  let heldUsd: number | undefined;
  // For requests of this call that failed and have to be paid for all the same.
  let lostUsd = 0;
  let refusal: Failure | undefined;
  let hasAsked = false;

  const check = async (
    provider: ProviderName,
    request: VendorRequest,
  ): Promise<'allowed' | 'unchecked' | Failure> => {
    const mostUsd = worstCaseUsd(provider, request);
    if (mostUsd === 0) return 'allowed';
    const usd = mostUsd === null ? null : mostUsd + lostUsd;
    if (usd === null && !ports.allowsUnknownPrices) return unknownPriceRefusal(request.card.name);
    if (usd !== null && heldUsd !== undefined && usd <= heldUsd) return 'allowed';
    const { call, limitUsd, userId } = ports;
    const wish = { callId: call.id, startedAt: call.startedAt, usd, limitUsd };
    const verdict = await ports.reservations.reserve(userId, wish);
    if (verdict === 'unchecked') return verdict;
    if (!verdict.isAllowed) return budgetRefusal(wish, verdict.spending, ports.timers.now());
    heldUsd = usd ?? heldUsd;
    return 'allowed';
  };

  return {
    async *spend(
      provider: ProviderName,
      request: VendorRequest,
      ask: () => AsyncIterable<VendorPart>,
    ): AsyncGenerator<VendorPart> {
      const verdict = await check(provider, request);
      if (typeof verdict === 'object') {
        refusal ??= verdict;
        return yield { type: 'failed', fault: makeFault(verdict.code, verdict.message) };
      }
      hasAsked = true;
      if (verdict === 'unchecked') yield { type: 'warning', message: uncheckedWarning };
      let usd: number | null = null;
      for await (const part of ask()) {
        if (part.type === 'usage') usd = usdOf(provider, request, part);
        if (part.type === 'failed') lostUsd += usd ?? 0;
        yield part;
      }
    },
    /** Tells that it was for money, when for that no vendor was asked at all. */
    explain(part: CompletionPart): CompletionPart {
      if (refusal === undefined || hasAsked || part.type !== 'error') return part;
      return leftCodes.has(part.failure.code) ? part : { ...part, failure: refusal };
    },
  };
}

function usdOf(
  provider: ProviderName,
  { card }: VendorRequest,
  { usage, costUsd: vendorUsd }: Extract<VendorPart, { type: 'usage' }>,
): number | null {
  return costOf({ provider, usage, vendorUsd, card }).usd;
}

/** Who left or had no more time is told so. */
const leftCodes: ReadonlySet<ErrorCode> = new Set(['cancelled', 'deadline_exceeded']);

const uncheckedWarning =
  'The budget of today could not be checked now, so this answer is not held to it; it will be counted.';
