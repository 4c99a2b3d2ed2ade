import { idSchema, MosaicError } from '@mosaic/proto';
import { Router } from 'express';
import { z } from 'zod';
import type { Catalogue } from '../adapters/catalogue.ts';
import type { ChannelRegistry } from '../adapters/channels/channel-registry.ts';
import { ok } from '../adapters/http/visit.ts';
import { readInput } from '../app/read-input.ts';
import { type RemoveUserParts, removeUserRoutes } from './admin/remove-users.ts';
import { adminLimitRoutes } from './admin/user-limits.ts';
import { adminJobRoutes } from './admin-jobs.ts';
import { adminPreferenceRoutes } from './memory/preferences.ts';
import { adminStorageRoutes } from './memory/storage.ts';

const discoverMs = 250;

const newChannelBody = z.strictObject({
  id: idSchema,
  kind: z.string().min(1).max(64).default('bridge'),
  ownerUserId: idSchema.optional(),
});

export interface AdminRouteParts extends RemoveUserParts {
  readonly channels: ChannelRegistry;
  readonly catalogue: Pick<Catalogue, 'assertKnown'>;
}

/** `/api/admin/*`: for administrators; everybody else is refused before anything is looked up. */
export function adminRoutes(parts: AdminRouteParts): Router {
  const { access, bus, catalogue, channels, users } = parts;
  const router = Router();
  router.use('/jobs', adminJobRoutes({ access, bus }));
  router.use('/users', adminLimitRoutes({ access, bus, users }), removeUserRoutes(parts));
  router.use('/preferences', adminPreferenceRoutes({ access, bus, catalogue }));
  router.use('/storage', adminStorageRoutes({ access, bus }));
  router.get(
    '/services',
    access.admin(async () => ok({ instances: await bus.discover(discoverMs) })),
  );
  router.get(
    '/users',
    access.admin(async () => ok({ users: await users.list() })),
  );
  router.get(
    '/channels',
    access.admin(async () => ok({ channels: await channels.list() })),
  );
  router.post(
    '/channels',
    access.admin(async ({ person, request }) => {
      const { id, kind, ownerUserId } = readInput(newChannelBody, request.body);
      const channel = await channels.register({
        id,
        kind,
        ownerUserId: ownerUserId ?? person.userId,
      });
      return { status: 201, body: channel };
    }),
  );
  // Also what is not there is the business of administrators alone.
  router.use(
    access.admin(async ({ request }) => {
      throw new MosaicError('not_found', `There is no ${request.method} ${request.originalUrl}.`);
    }),
  );
  return router;
}
