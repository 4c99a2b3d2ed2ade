import { catalogueChanged, listModels, type ModelCard } from '@mosaic/proto';
import type { Bus, Logger, Stoppable } from '@mosaic/service-kit';

/** The list is read again this often even when nobody says that it changed. */
const refreshMs = 15_000;
const startupRetryMs = 250;

export interface CatalogueWatch extends Stoppable {
  readonly cards: readonly ModelCard[];
  readonly isKnown: boolean;
}

/** Keeps the model cards of `providers` at hand, so that a decision needs no call. */
export function watchCatalogue(bus: Bus, log: Logger): CatalogueWatch {
  let cards: readonly ModelCard[] = [];
  let isKnown = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const refresh = async () => {
    clearTimeout(timer);
    try {
      cards = (await bus.call(listModels, {})).models;
      isKnown = true;
    } catch (thrown) {
      log.debug({ err: thrown }, 'model list not readable; the last one stays');
    }
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(refresh, isKnown ? refreshMs : startupRetryMs);
  };
  const subscription = bus.subscribe(catalogueChanged, () => void refresh());
  void refresh();

  return {
    get cards() {
      return cards;
    },
    get isKnown() {
      return isKnown;
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await subscription.stop();
    },
  };
}
