import {
  MosaicError,
  ownLimitsSchema,
  putUserLimits,
  readUserLimits,
  removeUserLimits,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { type Request, Router } from 'express';
import { z } from 'zod';
import { type Access, ok } from '../../adapters/http/visit.ts';
import { readId, readInput } from '../../app/read-input.ts';
import type { UserStore } from '../../stores/users.ts';

export interface AdminLimitParts {
  readonly bus: Bus;
  readonly access: Access;
  readonly users: Pick<UserStore, 'find'>;
}

// A misspelt limit that nobody holds anybody to would be worse than an error.
const limitsBody = z.strictObject(ownLimitsSchema.shape);

/** `/api/admin/users/:id/limits`: what one person may use, in place of what holds for everybody. */
export function adminLimitRoutes({ access, bus, users }: AdminLimitParts): Router {
  const router = Router();
  const userOf = async (request: Request) => {
    const userId = readId(request.params['id']);
    if ((await users.find(userId)) === undefined) throw new MosaicError('not_found');
    return { userId };
  };
  router.get(
    '/:id/limits',
    access.admin(async ({ caller, request, trace }) =>
      ok(await bus.call(readUserLimits, await userOf(request), { caller, trace })),
    ),
  );
  router.put(
    '/:id/limits',
    access.admin(async ({ caller, request, trace }) => {
      const limits = readInput(limitsBody, request.body);
      const wish = { ...(await userOf(request)), limits };
      return ok(await bus.call(putUserLimits, wish, { caller, trace }));
    }),
  );
  router.delete(
    '/:id/limits',
    access.admin(async ({ caller, request, trace }) =>
      ok(await bus.call(removeUserLimits, await userOf(request), { caller, trace })),
    ),
  );
  return router;
}
