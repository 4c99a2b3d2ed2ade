import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceName } from '@mosaic/proto';
import {
  type Bus,
  connectBus,
  type InstallationKeys,
  type SignedCaller,
  serviceCredentials,
  signCaller,
} from '@mosaic/service-kit';
import type { RunningMosaic } from '@mosaic/test-kit';

/** The bus of a running Mosaic, for whoever holds the keys of its installation. */
export interface BusOfMosaic {
  /** A connection with the credential of a service; one for each, however often it is asked for. */
  as(service: ServiceName): Promise<Bus>;
  /** A person as the gateway signs them. */
  person(userId: string): SignedCaller;
  close(): Promise<void>;
}

export async function openBusOf(mosaic: RunningMosaic): Promise<BusOfMosaic> {
  const read = async (path: string) =>
    JSON.parse(await readFile(join(mosaic.dataDir, path), 'utf8'));
  const { natsUrl }: { natsUrl: string } = await read('run/state.json');
  const { bus: keys }: { bus: InstallationKeys } = await read('keys.json');
  const open = new Map<ServiceName, Promise<Bus>>();
  const connect = async (principal: ServiceName) =>
    connectBus({
      url: natsUrl,
      principal,
      credentials: await serviceCredentials(keys, principal),
      callerKeys: keys.caller,
    });
  return {
    as(service) {
      const known = open.get(service) ?? connect(service);
      open.set(service, known);
      return known;
    },
    person: (userId) => signCaller(keys.caller.seed, { userId, role: 'member', via: 'test' }),
    async close() {
      for (const bus of open.values()) await (await bus).drain(200);
    },
  };
}
