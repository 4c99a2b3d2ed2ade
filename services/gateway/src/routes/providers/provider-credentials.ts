import {
  listCredentials,
  listProviders,
  MosaicError,
  type ProviderName,
  type ProvidersReply,
  providerNameSchema,
  type ReplyOf,
  removeCredentials,
  saveCredentials,
  saveCredentialsBody,
  testCredentials,
  toMosaicError,
} from '@mosaic/proto';
import type { Bus, Clock } from '@mosaic/service-kit';
import { Router } from 'express';
import { type Access, ok, type Reply, type Visit } from '../../adapters/http/visit.ts';
import { KeyTestAllowance } from '../../app/key-test-allowance.ts';
import { assertMayManageVendorKeys, mayManageVendorKeys } from '../../app/person.ts';
import { readInput } from '../../app/read-input.ts';

export interface ProviderCredentialParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly access: Access;
}

/** A vendor gets ten seconds for each test. */
const testTimeoutMs = 20_000;

/**
 * `/api/providers` as it is for the caller, and `/api/providers/:name/credentials`: keys of one's own.
 * A key goes in and never comes out again; bodies of these routes are logged nowhere.
 */
export function providerCredentialRoutes({ access, bus, clock }: ProviderCredentialParts): Router {
  const router = Router();
  const allowance = new KeyTestAllowance();
  router.get(
    '/providers',
    access.person(async (visit) => ok(await showProviders(bus, visit))),
  );
  const path = '/providers/:name/credentials';
  const owner = (handler: (visit: Visit, provider: ProviderName) => Promise<Reply>) =>
    access.person(async (visit) => {
      assertMayManageVendorKeys(visit.person);
      return handler(visit, readProvider(visit));
    });
  router.get(
    path,
    owner(async ({ caller, trace }, provider) => {
      const { credentials } = await bus.call(listCredentials, {}, { caller, trace });
      const found = credentials.find((one) => one.provider === provider);
      return ok({ credentials: found ?? { provider, baseUrl: null, keys: [] } });
    }),
  );
  router.put(
    path,
    owner(async ({ caller, request, trace }, provider) => {
      const body = readInput(saveCredentialsBody, request.body);
      const keys = body.keys ?? (body.key === undefined ? [] : [body.key]);
      const skipTest = body.skipTest || request.query['force'] === '1';
      allowance.take(caller.userId, keys.length, clock.now());
      const wish = { provider, keys, baseUrl: body.baseUrl ?? null, skipTest };
      const options = { caller, trace, timeoutMs: testTimeoutMs };
      return ok(await bus.call(saveCredentials, wish, options));
    }),
  );
  router.delete(
    path,
    owner(async ({ caller, trace }, provider) => {
      await bus.call(removeCredentials, { provider }, { caller, trace });
      return { status: 204 };
    }),
  );
  router.post(
    `${path}/test`,
    owner(async ({ caller, trace }, provider) => {
      allowance.take(caller.userId, 1, clock.now());
      const options = { caller, trace, timeoutMs: testTimeoutMs };
      return ok(await bus.call(testCredentials, { provider }, options));
    }),
  );
  return router;
}

function readProvider({ request }: Visit): ProviderName {
  const name = providerNameSchema.safeParse(request.params['name']);
  if (!name.success) throw new MosaicError('not_found', 'There is no such provider.');
  return name.data;
}

/** The vendors for the caller. They are shown also while nobody can tell about own keys. */
async function showProviders(bus: Bus, visit: Visit): Promise<ProvidersReply> {
  const { caller, person, trace } = visit;
  const [{ providers }, own] = await Promise.all([
    bus.call(listProviders, {}, { caller, trace }),
    mayManageVendorKeys(person)
      ? bus.call(listCredentials, {}, { caller, trace }).catch(withoutKeys)
      : withoutKeys(new MosaicError('forbidden')),
  ]);
  return {
    providers: providers.map((status) => ({
      ...status,
      own: own.credentials.find((one) => one.provider === status.name) ?? null,
      bases: own.bases[status.name] ?? [],
    })),
    problem: own.problem,
  };
}

function withoutKeys(thrown: unknown): ReplyOf<typeof listCredentials> {
  return { credentials: [], bases: {}, problem: toMosaicError(thrown).message };
}
