import {
  deleteTier,
  getRuleHistory,
  listRules,
  MosaicError,
  putTier,
  ruleNameSchema,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { type Request, Router } from 'express';
import { z } from 'zod';
import { type Access, ok } from '../../adapters/http/visit.ts';
import { readInput } from '../../app/read-input.ts';
import { seenVersion, tellVersion } from './seen-version.ts';

const tierBody = z.strictObject({
  models: putTier.request.shape.models,
  version: putTier.request.shape.version,
});

/** `/api/routing/tiers`: for all to read, for administrators to change. */
export function tierRoutes({
  access,
  bus,
}: {
  readonly access: Access;
  readonly bus: Bus;
}): Router {
  const router = Router();
  router.get(
    '/',
    access.person(async ({ caller, trace }) => {
      const { tiers = [] } = await bus.call(listRules, {}, { caller, trace });
      return ok({ tiers });
    }),
  );
  router.put(
    '/:name',
    access.admin(async ({ caller, request, response, trace }) => {
      const { models, version: inBody } = readInput(tierBody, request.body);
      const seen = seenVersion(request, inBody);
      const wish = { name: nameOf(request), models, ...seen };
      const saved = await bus.call(putTier, wish, { caller, trace });
      tellVersion(response, saved.tier.version);
      return ok({ ...saved.tier, findings: saved.findings });
    }),
  );
  router.delete(
    '/:name',
    access.admin(async ({ caller, request, trace }) => {
      const seen = seenVersion(request);
      await bus.call(deleteTier, { name: nameOf(request), ...seen }, { caller, trace });
      return { status: 204 };
    }),
  );
  router.get(
    '/:name/history',
    access.person(async ({ caller, request, trace }) => {
      const id = `tier/${nameOf(request)}`;
      return ok(await bus.call(getRuleHistory, { id }, { caller, trace }));
    }),
  );
  return router;
}

/** A name that can't be one is that of nothing. */
function nameOf(request: Request): string {
  const parsed = ruleNameSchema.safeParse(request.params['name']);
  if (!parsed.success) throw new MosaicError('not_found', 'There is no such tier.');
  return parsed.data;
}
