import { catalogueChanged, healthChanged } from '@mosaic/proto';
import type { Bus, Logger } from '@mosaic/service-kit';
import { KeyRests } from '../app/keys/key-rests.ts';
import type { ConfiguredVendor } from '../app/registry/configured-vendor.ts';
import { realTimers } from './real-timers.ts';
import { shareRests } from './share-rests.ts';
import { VendorRegistry } from './vendor-registry.ts';

export interface RegistryParts {
  readonly bus: Bus;
  readonly log: Logger;
  readonly vendors: readonly ConfiguredVendor[];
}

/** A replica that starts waits so long for what the others know about keys. */
const knownWithinMs = 2_000;

/** The registry on the bus: it says what changes, and shares what it learns about keys. */
export async function openRegistry({ bus, log, vendors }: RegistryParts): Promise<VendorRegistry> {
  const rests = new KeyRests(realTimers);
  const registry = new VendorRegistry({
    vendors,
    rests,
    timers: realTimers,
    onChange(provider, isHealthy) {
      log.info({ provider, isHealthy }, 'catalogue changed');
      bus.publishLive(catalogueChanged, { provider, isHealthy }, { tokens: {} });
    },
    onHealth: (change) => bus.publishLive(healthChanged, change, { tokens: {} }),
    onRest: (keyId) => shared.tell(keyId),
  });
  const shared = shareRests({ bus, log, rests, onHeard: () => registry.lookAgain() });
  await shared.whenKnown(knownWithinMs);
  return registry;
}
