import {
  assertRoom,
  listStorage,
  MosaicError,
  readStorage,
  restoreConversation,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { Router } from 'express';
import { z } from 'zod';
import { readHead } from '../../adapters/conversations/conversation-log.ts';
import { type Access, ok, type Visit } from '../../adapters/http/visit.ts';
import { countIn, readId, readInput } from '../../app/read-input.ts';

export interface StorageRouteParts {
  readonly access: Access;
  readonly bus: Bus;
}

const roomTimeoutMs = 2_000;
/** Counting is over all rows of a person, and restoring writes all events of a conversation. */
const slowTimeoutMs = 60_000;

/** `GET /api/storage`: what is stored of the person, and what they may keep. */
export function storageRoutes({ access, bus }: StorageRouteParts): Router {
  const router = Router();
  router.get(
    '/storage',
    access.person(async ({ caller, trace }) =>
      ok(await bus.call(readStorage, {}, { caller, trace, timeoutMs: slowTimeoutMs })),
    ),
  );
  router.post(
    '/conversations/:id/restore',
    access.person(async ({ caller, request, trace }) => {
      const conversationId = readId(request.params['id']);
      await readHead(bus, caller, conversationId);
      const options = { caller, trace, timeoutMs: slowTimeoutMs };
      return ok(await bus.call(restoreConversation, { conversationId }, options));
    }),
  );
  return router;
}

const listQuery = z.object({
  cursor: z.string().max(64).optional(),
  limit: countIn({ max: 100, fallback: 50 }),
});

/** `GET /api/admin/storage`: how much each person has, in numbers alone. */
export function adminStorageRoutes({ access, bus }: StorageRouteParts): Router {
  const router = Router();
  router.get(
    '/',
    access.admin(async ({ caller, request, trace }) => {
      const { cursor, limit } = readInput(listQuery, request.query);
      const page = { limit, ...(cursor === undefined ? {} : { afterUser: cursor }) };
      const options = { caller, trace, timeoutMs: slowTimeoutMs };
      const { nextUser, ...found } = await bus.call(listStorage, page, options);
      return ok({ ...found, nextCursor: nextUser });
    }),
  );
  return router;
}

/**
 * Throws storage_full when the person may begin no further conversation; one that is there already (the
 * wish came a second time) is no further one. Memory counts; while it is away people go on talking, and
 * may have one too many.
 */
export async function assertRoomFor(
  bus: Bus,
  { caller, trace }: Visit,
  conversationId: string | undefined,
): Promise<void> {
  try {
    await bus.call(assertRoom, {}, { caller, trace, timeoutMs: roomTimeoutMs });
  } catch (thrown) {
    if (!(thrown instanceof MosaicError) || thrown.code !== 'storage_full') return;
    if (conversationId === undefined) throw thrown;
    await readHead(bus, caller, conversationId).catch(() => {
      throw thrown;
    });
  }
}
