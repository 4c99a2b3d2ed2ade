import { listTools } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { Router } from 'express';
import { type Access, ok } from '../../adapters/http/visit.ts';
import { readInput } from '../../app/read-input.ts';

export interface ToolRouteParts {
  readonly bus: Bus;
  readonly access: Access;
}

/** `/api/tools?agent=`: which tools there are, for one of one's agents. */
export function toolRoutes({ access, bus }: ToolRouteParts): Router {
  const router = Router();
  router.get(
    '/',
    access.person(async ({ caller, request, trace }) => {
      const wish = readInput(listTools.request, request.query);
      return ok(await bus.call(listTools, wish, { caller, trace }));
    }),
  );
  return router;
}
