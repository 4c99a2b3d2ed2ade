import { errorCatalogue, type Failure } from '@mosaic/proto';
import type { ReserveWish, Spending } from './budget-port.ts';
import { dayOf } from './day.ts';
import type { MinuteLimits, MinuteTaking } from './take-minute.ts';

type RefusedTaking = Extract<MinuteTaking, { isAllowed: false }>;

/** Says which limit of the minute is reached, and when to come back. */
export function minuteRefusal({ exceeded, waitMs }: RefusedTaking, limits: MinuteLimits): Failure {
  const limit = limits[exceeded];
  const what = exceeded === 'requestsPerMinute' ? 'request' : 'token';
  const reached = `${limit} ${what}${limit === 1 ? '' : 's'} per minute`;
  return {
    code: 'rate_limited',
    message: `You have reached your limit of ${reached}. Try again in ${Math.ceil(waitMs / 1_000)} s.`,
    isRetryable: errorCatalogue.rate_limited.isRetryable,
    retryAfterMs: Math.ceil(waitMs),
  };
}

/** Says how much is left, how much it would take, when the budget begins anew, and who can raise it. */
export function budgetRefusal(
  { limitUsd, usd }: Pick<ReserveWish, 'limitUsd' | 'usd'>,
  spending: Spending,
  nowMs: number,
): Failure {
  const leftUsd = Math.max(0, limitUsd - spending.spentUsd - spending.reservedUsd);
  const held =
    spending.reservedUsd > 0
      ? ` and ${dollars(spending.reservedUsd)} set aside for answers under way`
      : '';
  const left = `Of today's budget of ${dollars(limitUsd)}, ${dollars(leftUsd)} is left (${dollars(spending.spentUsd)} spent${held}).`;
  const takes =
    usd === null
      ? 'What this answer costs is unknown.'
      : `This answer may cost up to ${dollars(usd)}.`;
  const waitMs = dayOf(new Date(nowMs)).before.getTime() - nowMs;
  const reset = `The budget begins anew at 00:00 UTC, in ${hours(waitMs)}; an administrator can raise it.`;
  const message = `${left} ${takes} ${reset} A cheaper or a local model may still answer.`;
  return { ...budgetFailure(message), retryAfterMs: waitMs };
}

/** For a model that nobody knows the price of, where the operator allows none such within a budget. */
export function unknownPriceRefusal(model: string): Failure {
  return budgetFailure(
    `Nobody knows what ${model} costs, and you have a budget: choose a model with a known price. An administrator can change this.`,
  );
}

function budgetFailure(message: string): Failure {
  const { isRetryable } = errorCatalogue.budget_exceeded;
  return { code: 'budget_exceeded', message, isRetryable };
}

const money = { style: 'currency', currency: 'USD', minimumFractionDigits: 2 } as const;
const cents = new Intl.NumberFormat('en', { ...money, maximumFractionDigits: 2 });
const finer = new Intl.NumberFormat('en', { ...money, maximumFractionDigits: 4 });

/** Cents; below a dollar finer, because single answers cost fractions of them. */
function dollars(usd: number): string {
  if (usd > 0 && usd < 0.0001) return 'less than $0.0001';
  return (usd >= 1 ? cents : finer).format(usd);
}

function hours(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  const whole = Math.floor(minutes / 60);
  return whole === 0 ? `${minutes} min` : `${whole} h ${minutes % 60} min`;
}
