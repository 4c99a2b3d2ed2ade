import { readLimits, reportUsage, usageQuerySchema } from '@mosaic/proto';
import type { Bus, Clock } from '@mosaic/service-kit';
import { Router } from 'express';
import { type Access, ok } from '../adapters/http/visit.ts';
import { readInput } from '../app/read-input.ts';

export interface UsageRouteParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly access: Access;
}

const usualDays = 30;
const dayMs = 86_400_000;

/**
 * `/api/usage?from=&to=&by=`: what one's own model calls used and cost; the last 30 days by day.
 * `/api/usage/limits`: one's own limits, and what is left of today's budget.
 */
export function usageRoutes({ access, bus, clock }: UsageRouteParts): Router {
  const router = Router();
  router.get(
    '/usage',
    access.person(async ({ caller, request, trace }) => {
      const { to = dayOf(clock.now()), ...given } = readInput(wishSchema, request.query);
      const from = given.from ?? dayOf(Date.parse(to) - (usualDays - 1) * dayMs);
      const query = { from, to, by: given.by ?? 'day' };
      return ok(await bus.call(reportUsage, query, { caller, trace }));
    }),
  );
  router.get(
    '/usage/limits',
    access.person(async ({ caller, trace }) =>
      ok(await bus.call(readLimits, {}, { caller, trace })),
    ),
  );
  return router;
}

const wishSchema = usageQuerySchema.partial();

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
