import {
  changeMemory,
  changeMemoryBody,
  getMemory,
  listMemories,
  memoryKindSchema,
  removeMemory,
  saveMemory,
  saveMemoryBody,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { Router } from 'express';
import { z } from 'zod';
import { type Access, ok, type Visit } from '../../adapters/http/visit.ts';
import { countIn, readId, readInput } from '../../app/read-input.ts';

const listQuery = z.object({
  limit: countIn({ max: 200, fallback: 50 }),
  cursor: z.string().max(200).optional(),
  kind: memoryKindSchema.optional(),
  superseded: z.enum(['0', '1']).default('0'),
});
// Everything at once is never what somebody meant who forgot the id.
const removeQuery = z.object({ all: z.literal('1', 'is 1 to remove all memories') });

/** `/api/memory`: what Mosaic remembers of the person who asks. */
export function memoryRoutes({
  access,
  bus,
}: {
  readonly access: Access;
  readonly bus: Bus;
}): Router {
  const router = Router();
  router.get(
    '/',
    access.person(async ({ caller, request, trace }) => {
      const { superseded, ...query } = readInput(listQuery, request.query);
      const wish = { ...query, withSuperseded: superseded === '1' };
      return ok(await bus.call(listMemories, wish, { caller, trace }));
    }),
  );
  router.post(
    '/',
    access.person(async ({ caller, request, trace }) => {
      const wish = readInput(saveMemoryBody, request.body);
      const { isNew, memory } = await bus.call(saveMemory, wish, { caller, trace });
      return { status: isNew ? 201 : 200, body: { ...memory, isNew } };
    }),
  );
  router.delete(
    '/',
    access.person(async ({ caller, request, trace }) => {
      readInput(removeQuery, request.query);
      return ok(await bus.call(removeMemory, { all: true }, { caller, trace }));
    }),
  );
  oneMemory(router, { access, bus });
  return router;
}

function oneMemory(
  router: Router,
  { access, bus }: { readonly access: Access; readonly bus: Bus },
) {
  router.get(
    '/:id',
    access.person(async ({ caller, request, trace }) =>
      ok((await bus.call(getMemory, { id: idOf(request) }, { caller, trace })).memory),
    ),
  );
  router.patch(
    '/:id',
    access.person(async ({ caller, request, trace }) => {
      const changes = readInput(changeMemoryBody, request.body);
      const wish = { id: idOf(request), ...changes };
      return ok((await bus.call(changeMemory, wish, { caller, trace })).memory);
    }),
  );
  router.delete(
    '/:id',
    access.person(async ({ caller, request, trace }) =>
      ok(await bus.call(removeMemory, { id: idOf(request) }, { caller, trace })),
    ),
  );
}

const idOf = (request: Visit['request']) => readId(request.params['id']);
