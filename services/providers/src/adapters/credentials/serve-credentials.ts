import {
  listCredentials,
  listOwnModels,
  listProviders,
  removeCredentials,
  saveCredentials,
  testCredentials,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { ownModels } from '../../app/credentials/with-user-keys.ts';
import type { VendorRegistry } from '../vendor-registry.ts';
import type { Credentials } from './open-credentials.ts';

export interface ServingCredentials {
  readonly bus: Bus;
  readonly credentials: Credentials;
  readonly registry: Pick<VendorRegistry, 'models' | 'statuses'>;
}

/** Answers what a person does with keys of their own, and what is there for them by these. */
export function serveCredentials({ bus, credentials, registry }: ServingCredentials): void {
  bus.handle(saveCredentials, async (wish, { caller }) => ({
    credentials: await credentials.save(caller.userId, wish),
  }));
  bus.handle(removeCredentials, async ({ provider }, { caller }) => ({
    removed: await credentials.remove(caller.userId, provider),
  }));
  bus.handle(testCredentials, async ({ provider }, { caller }) => ({
    credentials: await credentials.test(caller.userId, provider),
  }));
  bus.handle(listCredentials, async (_, { caller }) => {
    const own = [...(await credentials.list(caller.userId))];
    return { credentials: own, bases: credentials.bases, problem: credentials.problem() };
  });
  bus.handle(listOwnModels, async (_, { caller }) => {
    const catalogue = { statuses: registry.statuses(), models: registry.models() };
    return { models: [...ownModels(catalogue, await credentials.keysOf(caller.userId))] };
  });
  bus.handle(listProviders, async (_, { caller }) => {
    // A service asks on its own account; whoever has a token is a person.
    if (caller.role === 'service') return { providers: registry.statuses() };
    return { providers: registry.statuses(await credentials.keysOf(caller.userId)) };
  });
}
