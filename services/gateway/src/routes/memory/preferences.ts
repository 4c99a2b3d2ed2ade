import {
  getPreference,
  listPreferences,
  preferenceKeySchema,
  putPreference,
  putPreferenceBody,
  putSystemPreference,
  putSystemPreferenceBody,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { Router } from 'express';
import { z } from 'zod';
import { type Access, ok, type Visit } from '../../adapters/http/visit.ts';
import { readInput } from '../../app/read-input.ts';

interface PreferenceRouteParts {
  readonly access: Access;
  readonly bus: Bus;
}

const keyParams = z.object({ key: preferenceKeySchema });
const keyOf = (request: Visit['request']) => readInput(keyParams, request.params).key;

/** `/api/preferences`: settings of the person who asks. */
export function preferenceRoutes({ access, bus }: PreferenceRouteParts): Router {
  const router = Router();
  router.get(
    '/',
    access.person(async ({ caller, trace }) =>
      ok(await bus.call(listPreferences, {}, { caller, trace })),
    ),
  );
  router.get(
    '/:key',
    access.person(async ({ caller, request, trace }) =>
      ok((await bus.call(getPreference, { key: keyOf(request) }, { caller, trace })).preference),
    ),
  );
  router.put(
    '/:key',
    access.person(async ({ caller, request, trace }) => {
      const wish = { key: keyOf(request), ...readInput(putPreferenceBody, request.body) };
      return ok((await bus.call(putPreference, wish, { caller, trace })).preference);
    }),
  );
  return router;
}

/** `/api/admin/preferences`: what holds for everybody, as a beginning or for good. */
export function adminPreferenceRoutes({ access, bus }: PreferenceRouteParts): Router {
  const router = Router();
  router.put(
    '/:key',
    access.admin(async ({ caller, request, trace }) => {
      const wish = { key: keyOf(request), ...readInput(putSystemPreferenceBody, request.body) };
      return ok((await bus.call(putSystemPreference, wish, { caller, trace })).preference);
    }),
  );
  return router;
}
