import type { ProviderName } from '@mosaic/proto';
import { blankCard } from '../catalogue.ts';
import type { Admission } from '../health/breaker.ts';
import { obstacleOfKeys, restsFor } from '../keys/explain-rests.ts';
import { pickKey } from '../keys/pick-key.ts';
import { isSameModel } from '../prepare-turns.ts';
import type { CallPermit, Resolved } from '../run/run-ports.ts';
import { makeFault } from '../vendor/vendor-fault.ts';
import type { VendorKey } from '../vendor/vendor-key.ts';
import type { Timers, VendorCard, VendorFault } from '../vendor/vendor-port.ts';
import { hostOf, type Looking, type VendorEntry } from './vendor-entry.ts';
import type { VendorPool } from './vendor-pool.ts';

/** A user's own keys, by vendor. Where there are any, only these are used, and for this user only. */
export type UserKeys = ReadonlyMap<ProviderName, readonly VendorKey[]>;

/** On whose behalf a candidate is asked. */
export interface Asking {
  readonly userKeys: UserKeys;
  readonly conversationId: string | undefined;
  /** Ids of keys that this call has tried in vain. */
  readonly except?: ReadonlySet<string>;
}

/** A request that was made. */
export interface AskedWith {
  readonly entry: VendorEntry;
  readonly key: VendorKey;
  readonly model: string;
}

export interface Resolving extends Looking {
  readonly pool: VendorPool;
  readonly timers: Timers;
  /** Called when a request has ended; null for an answer that came to its end. */
  ended(asked: AskedWith, fault: VendorFault | null): void;
}

/** Finds the key to ask with and leave to ask, or why this model can't be asked now. */
export function resolveCandidate(
  { entry, model }: { readonly entry: VendorEntry; readonly model: string },
  asking: Asking,
  resolving: Resolving,
): Resolved {
  const { timers, pool } = resolving;
  const rests = restsFor(model, resolving.rests);
  const { configured } = entry;
  const own = asking.userKeys.get(configured.name) ?? [];
  const keys = own.length > 0 ? own : configured.keys;
  if (keys.length === 0) return obstacle('missing_key', configured.absence ?? 'No key.');
  const key = pickKey(keys, {
    conversationId: asking.conversationId,
    isReady: ({ id }) => !asking.except?.has(id) && rests.of(id) === null,
    random: timers.random(),
  });
  if (!key) return { obstacle: obstacleOfKeys({ keys, rests, nowMs: timers.now() }) };
  const card = findCard(entry, model, key);
  if ('obstacle' in card) return card;
  const vendor = pool.vendorOf(configured, key);
  const admission = hostOf(entry, key, resolving).admit(card.model);
  if ('why' in admission) {
    return obstacle('no_model_available', `Left alone for a moment: ${admission.why}`);
  }
  return {
    vendor,
    card,
    isSimulated: configured.isSimulated && key.baseUrl === null,
    keyId: key.id,
    permit: makePermit(admission, entry.loads?.begin(card.model), (fault) =>
      resolving.ended({ entry, key, model }, fault),
    ),
  };
}

function findCard(
  { configured, described, cards, listed }: VendorEntry,
  model: string,
  key: VendorKey,
): VendorCard | { readonly obstacle: VendorFault } {
  const isHere = listed?.some((one) => isSameModel(one.model, model)) ?? true;
  // The list is that of the installation's host.
  if (described.isListComplete && key.baseUrl === null && !isHere) {
    return obstacle('unknown_model', `${configured.name} does not have ${model}.`);
  }
  const card =
    cards.find((one) => one.model === model) ?? cards.find((one) => isSameModel(one.model, model));
  if (card?.capabilities.includes('embedding')) {
    return obstacle('unknown_model', `${model} makes vectors, not answers.`);
  }
  return card ?? blankCard(model);
}

function obstacle(code: VendorFault['code'], message: string) {
  return { obstacle: makeFault(code, message) };
}

/** `onLoaded` is told as soon as the model has something to say, or never will. */
function makePermit(
  admission: Admission,
  onLoaded: (() => void) | undefined,
  onEnd: (fault: VendorFault | null) => void,
): CallPermit {
  let hasEnded = false;
  return {
    answers() {
      onLoaded?.();
      admission.answers();
    },
    ended(fault) {
      if (hasEnded) return;
      hasEnded = true;
      onLoaded?.();
      admission.ended(fault);
      onEnd(fault);
    },
  };
}
