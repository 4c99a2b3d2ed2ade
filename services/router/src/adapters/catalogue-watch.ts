import {
  catalogueChanged,
  credentialsChanged,
  listModels,
  listOwnModels,
  type ModelCard,
  userDeleted,
} from '@mosaic/proto';
import {
  type Bus,
  type Clock,
  type Logger,
  makePerUserMemory,
  type SignedCaller,
  type Stoppable,
} from '@mosaic/service-kit';
import { withOwnModels } from '../app/model-catalogue.ts';

/** The list is read again this often even when nobody says that it changed. */
const refreshMs = 15_000;
const startupRetryMs = 250;
/** What somebody has by own keys: old answers serve at once and are replaced behind the back. */
const ownModels = {
  freshMs: 60_000,
  staleMs: 3_600_000,
  patienceMs: 0,
  firstPatienceMs: 500,
  maxUsers: 10_000,
};

export interface CatalogueWatch extends Stoppable {
  /** The models as they are for somebody; those of everybody when own ones are not known in time. */
  cardsFor(caller: SignedCaller): Promise<readonly ModelCard[]>;
  readonly isKnown: boolean;
}

export interface WatchParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Keeps the model cards of `providers` at hand, so that a decision needs no call. */
export function watchCatalogue({ bus, clock, log }: WatchParts): CatalogueWatch {
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
  const own = makePerUserMemory({
    load: async (caller: SignedCaller) => (await bus.call(listOwnModels, {}, { caller })).models,
    clock,
    ...ownModels,
  });
  const subscriptions = [
    bus.subscribe(catalogueChanged, () => {
      own.expireAll();
      void refresh();
    }),
    bus.subscribe(credentialsChanged, (_fact, { tokens }) => own.drop(tokens['userId'] ?? '')),
    bus.subscribe(userDeleted, (_fact, { tokens }) => own.drop(tokens['userId'] ?? '')),
  ];
  void refresh();

  return {
    async cardsFor(caller) {
      try {
        return withOwnModels(cards, await own.get(caller));
      } catch (thrown) {
        log.debug({ err: thrown }, 'own models not readable; those of everybody serve');
        return cards;
      }
    },
    get isKnown() {
      return isKnown;
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await Promise.all(subscriptions.map((one) => one.stop()));
    },
  };
}
