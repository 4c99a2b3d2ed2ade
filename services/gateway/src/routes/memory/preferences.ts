import {
  getPreference,
  judgeSettingSchema,
  listPreferences,
  type Preference,
  preferenceKeySchema,
  putPreference,
  putPreferenceBody,
  putSystemPreference,
  putSystemPreferenceBody,
  routingJudgeKey,
  turnModelKey,
} from '@mosaic/proto';
import type { Bus, SignedCaller } from '@mosaic/service-kit';
import { Router } from 'express';
import { z } from 'zod';
import { assertModelOrTier, type Catalogue } from '../../adapters/catalogue.ts';
import { type Access, ok, type Visit } from '../../adapters/http/visit.ts';
import { readInput } from '../../app/read-input.ts';

interface PreferenceRouteParts {
  readonly access: Access;
  readonly bus: Bus;
  readonly catalogue: Pick<Catalogue, 'assertKnown'>;
}

const keyParams = z.object({ key: preferenceKeySchema });
const keyOf = (request: Visit['request']) => readInput(keyParams, request.params).key;

/** `/api/preferences`: settings of the person who asks. */
export function preferenceRoutes(parts: PreferenceRouteParts): Router {
  const { access, bus } = parts;
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
      const asked = { key: keyOf(request), ...readInput(putPreferenceBody, request.body) };
      const wish = { ...asked, value: await knownNames(parts, caller, asked) };
      return ok((await bus.call(putPreference, wish, { caller, trace })).preference);
    }),
  );
  return router;
}

/** `/api/admin/preferences`: what holds for everybody, as a beginning or for good. */
export function adminPreferenceRoutes(parts: PreferenceRouteParts): Router {
  const { access, bus } = parts;
  const router = Router();
  router.put(
    '/:key',
    access.admin(async ({ caller, request, trace }) => {
      const asked = { key: keyOf(request), ...readInput(putSystemPreferenceBody, request.body) };
      const wish = { ...asked, value: await knownNames(parts, caller, asked) };
      return ok((await bus.call(putSystemPreference, wish, { caller, trace })).preference);
    }),
  );
  return router;
}

type Wish = Pick<Preference, 'key' | 'value'>;

/** The value, when the model that it names is there. Throws unknown_model with the nearest name. */
async function knownNames(
  parts: PreferenceRouteParts,
  caller: SignedCaller,
  { key, value }: Wish,
): Promise<Wish['value']> {
  if (key === turnModelKey) {
    if (value === 'auto') return null;
    await assertModelOrTier(parts, caller, typeof value === 'string' ? value : null);
  }
  if (key === routingJudgeKey) {
    const judge = judgeSettingSchema.safeParse(value).data;
    if (typeof judge === 'object') await assertModelOrTier(parts, caller, judge.model);
  }
  return value;
}
