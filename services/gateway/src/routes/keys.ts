import { instantSchema } from '@mosaic/proto';
import { Router } from 'express';
import { z } from 'zod';
import type { Authenticator } from '../adapters/auth/authenticator.ts';
import { type Access, ok } from '../adapters/http/visit.ts';
import { assertMayManageKeys, endOfNewKey, scopesOfNewKey } from '../app/person.ts';
import { readId, readInput } from '../app/read-input.ts';
import type { ApiKeyStore } from '../stores/api-keys.ts';

const newKeyBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.string().min(1).max(64)).max(20).optional(),
  expiresAt: instantSchema
    .refine((text) => Date.parse(text) > Date.now(), 'must lie in the future')
    .optional(),
});

export interface KeyRouteParts {
  readonly access: Access;
  readonly keys: ApiKeyStore;
  readonly authenticator: Authenticator;
}

/** `/api/keys`: keys for programs, shown once. */
export function keyRoutes({ access, authenticator, keys }: KeyRouteParts): Router {
  const router = Router();
  router.get(
    '/',
    access.person(async ({ person }) => {
      assertMayManageKeys(person);
      return ok({ keys: await keys.list(person.userId) });
    }),
  );
  router.post(
    '/',
    access.person(async ({ person, request }) => {
      assertMayManageKeys(person);
      const { expiresAt, name, scopes } = readInput(newKeyBody, request.body);
      const endMs = endOfNewKey(person, expiresAt === undefined ? null : Date.parse(expiresAt));
      const wish = {
        name,
        scopes: scopesOfNewKey(person, scopes),
        ...(endMs === null ? {} : { expiresAt: new Date(endMs).toISOString() }),
      };
      return { status: 201, body: await keys.create(person.userId, wish) };
    }),
  );
  router.delete(
    '/:id',
    access.person(async ({ person, request }) => {
      assertMayManageKeys(person);
      const id = readId(request.params['id']);
      await keys.remove(person.userId, id);
      authenticator.forget((known) => known.credentialId === id);
      return { status: 204 };
    }),
  );
  return router;
}
