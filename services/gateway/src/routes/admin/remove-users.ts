import { Router } from 'express';
import { type Access, ok } from '../../adapters/http/visit.ts';
import {
  assertMayEndAccount,
  type RemovingUsers,
  removeUser,
} from '../../adapters/removal/remove-user.ts';
import { readId } from '../../app/read-input.ts';

export interface RemoveUserParts extends RemovingUsers {
  readonly access: Access;
}

/** `DELETE /api/admin/users/:id`: an administrator removes an account and everything of it. */
export function removeUserRoutes(parts: RemoveUserParts): Router {
  const router = Router();
  router.delete(
    '/:id',
    parts.access.admin(async ({ person, request }) => {
      assertMayEndAccount(person);
      return ok(await removeUser(parts, readId(request.params['id'])));
    }),
  );
  return router;
}

/** `DELETE /api/account`: a person removes their own. */
export function ownAccountRoutes(parts: RemoveUserParts): Router {
  const router = Router();
  router.delete(
    '/account',
    parts.access.person(async ({ person }) => {
      assertMayEndAccount(person);
      return ok(await removeUser(parts, person.userId));
    }),
  );
  return router;
}
