import {
  commandManifest,
  commandsReply,
  MosaicError,
  providerNameSchema,
  testProvider,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { Router } from 'express';
import type { Catalogue } from '../adapters/catalogue.ts';
import { type Access, ok, type Reply, type Visit } from '../adapters/http/visit.ts';

export interface CatalogueRouteParts {
  readonly bus: Bus;
  readonly access: Access;
  readonly catalogue: Catalogue;
}

/** A provider that does not answer is told apart from one that answers slowly. */
const testTimeoutMs = 15_000;

/** `/api/models`, `/api/providers/:name/test`, `/api/commands`, `/api/me`: what there is. */
export function catalogueRoutes(parts: CatalogueRouteParts): Router {
  const { access, bus, catalogue } = parts;
  const router = Router();
  router.get(
    '/me',
    access.person(async (visit) => ok(describeMe(visit))),
  );
  router.get(
    '/commands',
    access.person(async () => ok(commandsReply.parse({ commands: commandManifest }))),
  );
  router.get(
    '/models',
    access.person(async ({ caller }) => ok(await catalogue.listing(caller))),
  );
  router.post(
    '/providers/:name/test',
    access.person((visit) => test(bus, visit)),
  );
  return router;
}

function describeMe({ person }: Visit) {
  const { credentialKind, email, name, role, userId } = person;
  return { id: userId, name, email, role, signedInBy: credentialKind };
}

async function test(bus: Bus, { caller, request, trace }: Visit): Promise<Reply> {
  const name = providerNameSchema.safeParse(request.params['name']);
  if (!name.success) throw new MosaicError('not_found', 'There is no such provider.');
  const options = { caller, trace, timeoutMs: testTimeoutMs };
  return ok(await bus.call(testProvider, { name: name.data }, options));
}
