import { listModels, refreshCatalogue, testProvider } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import type { Catalogue } from './catalogue/open-catalogue.ts';
import type { VendorRegistry } from './vendor-registry.ts';

export interface ServingCatalogue {
  readonly bus: Bus;
  readonly catalogue: Pick<Catalogue, 'news' | 'refresh'>;
  readonly registry: VendorRegistry;
}

/** Answers what models and vendors there are, and looks again when asked. */
export function serveCatalogue({ bus, catalogue, registry }: ServingCatalogue): void {
  bus.handle(listModels, async () => ({ models: registry.models(), ...catalogue.news() }));
  bus.handle(refreshCatalogue, () => catalogue.refresh(registry));
  bus.handle(testProvider, async ({ name }) => {
    const startedMs = performance.now();
    await registry.refresh(name);
    return { status: registry.status(name), tookMs: performance.now() - startedMs };
  });
}
