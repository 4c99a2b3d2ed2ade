import {
  getJob,
  jobStateSchema,
  listJobs,
  listSchedules,
  MosaicError,
  putSchedule,
  removeJob,
  removeSchedule,
  retryJob,
  setQueuePaused,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { type Request, Router } from 'express';
import { z } from 'zod';
import { type Access, ok } from '../adapters/http/visit.ts';
import { countIn, readInput } from '../app/read-input.ts';

const listQuery = z.object({
  queue: z.string().max(64).optional(),
  state: jobStateSchema.optional(),
  limit: countIn({ max: 200, fallback: 50 }),
});
const scheduleBody = z.strictObject(putSchedule.request.shape);
const scheduleChange = scheduleBody.omit({ id: true }).partial();

const keyOf = ({ params }: Request) => ({
  queue: String(params['queue']).slice(0, 64),
  id: String(params['id']).slice(0, 200),
});

/** `/api/admin/jobs`: what runs in the background. */
export function adminJobRoutes({ access, bus }: { access: Access; bus: Bus }): Router {
  const router = Router();
  scheduleRoutes(router, { access, bus });
  router.get(
    '/',
    access.admin(async ({ caller, request, trace }) => {
      const { limit, queue, state } = readInput(listQuery, request.query);
      const wish = {
        limit,
        ...(queue === undefined ? {} : { queue }),
        ...(state === undefined ? {} : { state }),
      };
      return ok(await bus.call(listJobs, wish, { caller, trace }));
    }),
  );
  for (const [verb, isPaused] of [['pause', true] as const, ['resume', false] as const]) {
    router.post(
      `/queues/:queue/${verb}`,
      access.admin(async ({ caller, request, trace }) => {
        const queue = String(request.params['queue']).slice(0, 64);
        return ok(await bus.call(setQueuePaused, { queue, isPaused }, { caller, trace }));
      }),
    );
  }
  router.get(
    '/:queue/:id',
    access.admin(async ({ caller, request, trace }) =>
      ok(await bus.call(getJob, keyOf(request), { caller, trace })),
    ),
  );
  router.post(
    '/:queue/:id/retry',
    access.admin(async ({ caller, request, trace }) =>
      ok(await bus.call(retryJob, keyOf(request), { caller, trace })),
    ),
  );
  router.delete(
    '/:queue/:id',
    access.admin(async ({ caller, request, trace }) =>
      ok(await bus.call(removeJob, keyOf(request), { caller, trace })),
    ),
  );
  return router;
}

function scheduleRoutes(router: Router, { access, bus }: { access: Access; bus: Bus }): void {
  router.get(
    '/schedules',
    access.admin(async ({ caller, trace }) =>
      ok(await bus.call(listSchedules, {}, { caller, trace })),
    ),
  );
  router.post(
    '/schedules',
    access.admin(async ({ caller, request, trace }) => {
      const wish = readInput(scheduleBody, request.body);
      return { status: 201, body: await bus.call(putSchedule, wish, { caller, trace }) };
    }),
  );
  router.patch(
    '/schedules/:id',
    access.admin(async ({ caller, request, trace }) => {
      const id = String(request.params['id']);
      const { schedules } = await bus.call(listSchedules, {}, { caller, trace });
      const known = schedules.find((schedule) => schedule.id === id);
      if (known === undefined) throw new MosaicError('not_found');
      const wish = { id, ...changed(known, readInput(scheduleChange, request.body)) };
      return ok(await bus.call(putSchedule, wish, { caller, trace }));
    }),
  );
  router.delete(
    '/schedules/:id',
    access.admin(async ({ caller, request, trace }) => {
      const id = String(request.params['id']).slice(0, 64);
      return ok(await bus.call(removeSchedule, { id }, { caller, trace }));
    }),
  );
}

type Known = z.infer<typeof listSchedules.reply>['schedules'][number];

/** A schedule runs by a pattern or by an interval: naming one drops the other. */
function changed(known: Known, change: z.infer<typeof scheduleChange>) {
  const isTimed = change.pattern !== undefined || change.everyMs !== undefined;
  const pattern = isTimed ? change.pattern : (known.pattern ?? undefined);
  const everyMs = isTimed ? change.everyMs : (known.everyMs ?? undefined);
  const timeZone = change.timeZone ?? known.timeZone ?? undefined;
  return {
    job: change.job ?? known.job,
    ...(pattern === undefined ? {} : { pattern }),
    ...(everyMs === undefined ? {} : { everyMs }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}
