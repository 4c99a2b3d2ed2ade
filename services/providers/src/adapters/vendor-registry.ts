import type { ModelRef, ProviderName } from '@mosaic/proto';
import { MosaicError } from '@mosaic/proto';
import { type Breaker, makeBreaker } from '../app/breaker.ts';
import {
  blankCard,
  mergeCards,
  type ProviderState,
  toModelCards,
  toStatus,
} from '../app/catalogue.ts';
import { isSameModel } from '../app/prepare-turns.ts';
import type { Resolved } from '../app/run-candidates.ts';
import { makeFault } from '../app/vendor/vendor-fault.ts';
import type { ListedModel, Timers, VendorCard, VendorFault } from '../app/vendor/vendor-port.ts';
import type { ConfiguredVendor } from './make-vendors.ts';

/** A list that takes longer than this counts as no answer. */
const listTimeoutMs = 10_000;
const refreshEveryMs = 300_000;
/** Vendors that are unwell are looked at more often, so that they come back soon. */
const lookAgainMs = 30_000;

interface Entry {
  readonly configured: ConfiguredVendor;
  readonly breaker: Breaker;
  listed: readonly ListedModel[] | null;
  cards: readonly VendorCard[];
  probeFault: VendorFault | null;
  checkedAtMs: number | null;
  shown: string;
  running: Promise<void> | undefined;
}

export interface RegistryOptions {
  readonly vendors: readonly ConfiguredVendor[];
  readonly timers: Timers;
  /** Called when models or health of a vendor differ from what was last told. */
  readonly onChange: (provider: ProviderName, isHealthy: boolean) => void;
}

/** Keeps what is known about the vendors: live lists, health, and who may be asked for what. */
export function makeVendorRegistry({ vendors, timers, onChange }: RegistryOptions) {
  const entries = new Map(
    vendors.map((configured) => [configured.vendor.name, makeEntry(configured, timers)]),
  );
  let stopTimer = () => {};
  let isStopped = false;

  const entryOf = (name: ProviderName): Entry => {
    const entry = entries.get(name);
    if (!entry) throw new MosaicError('not_found', `There is no provider ${name}.`);
    return entry;
  };
  const tellChange = (entry: Entry) => {
    const state = stateOf(entry);
    const { checkedAt: _, ...status } = toStatus(state);
    const shown = JSON.stringify([status, toModelCards(state)]);
    if (shown === entry.shown || isStopped) return;
    entry.shown = shown;
    onChange(state.name, status.isHealthy);
  };
  const refresh = (name: ProviderName): Promise<void> => {
    const entry = entryOf(name);
    entry.running ??= readList(entry, timers).finally(() => {
      entry.running = undefined;
      tellChange(entry);
    });
    return entry.running;
  };
  const tick = () => {
    for (const [name, entry] of entries) {
      tellChange(entry);
      const age = timers.now() - (entry.checkedAtMs ?? 0);
      if (age >= refreshEveryMs || !toStatus(stateOf(entry)).isHealthy) void refresh(name);
    }
    stopTimer = timers.after(lookAgainMs, tick);
  };

  return {
    start: tick,
    stop() {
      isStopped = true;
      stopTimer();
    },
    refresh,
    status: (name: ProviderName) => toStatus(stateOf(entryOf(name))),
    statuses: () => [...entries.values()].map((entry) => toStatus(stateOf(entry))),
    models: () => [...entries.values()].flatMap((entry) => toModelCards(stateOf(entry))),
    resolve: (candidate: ModelRef) => resolve(entryOf(candidate.provider), candidate.model),
    record(name: ProviderName, fault: VendorFault | null) {
      const entry = entryOf(name);
      entry.breaker.record(fault);
      if (fault === null) entry.probeFault = null;
      tellChange(entry);
    },
  };
}

function makeEntry(configured: ConfiguredVendor, timers: Timers): Entry {
  return {
    configured,
    breaker: makeBreaker(() => timers.now()),
    listed: null,
    cards: configured.vendor.cards,
    probeFault: null,
    checkedAtMs: null,
    shown: '',
    running: undefined,
  };
}

function stateOf({ configured, breaker, listed, probeFault, checkedAtMs }: Entry): ProviderState {
  const { vendor, absence, keyHint, isSimulated } = configured;
  const { name, cards, isListComplete } = vendor;
  const checkedAt = checkedAtMs === null ? null : new Date(checkedAtMs).toISOString();
  const breakerReason = breaker.openReason();
  const base = { name, cards, isListComplete, absence, keyHint, isSimulated };
  return { ...base, listed, probeFault, breakerReason, checkedAt };
}

/** Asks the vendor for its models; never rejects. */
async function readList(entry: Entry, timers: Timers): Promise<void> {
  const { vendor, absence } = entry.configured;
  if (absence !== null) return;
  const signal = AbortSignal.timeout(listTimeoutMs);
  try {
    entry.listed = await vendor.listModels(signal);
    entry.cards = mergeCards({ cards: vendor.cards, listed: entry.listed });
    entry.probeFault = null;
  } catch (thrown) {
    const fault = signal.aborted
      ? makeFault('provider_timeout', `No list of models within ${listTimeoutMs / 1_000} s.`)
      : vendor.toFault(thrown);
    // A host without a list of models may still answer: then our cards are all there is.
    entry.probeFault = fault.code === 'unknown_model' ? null : fault;
  }
  entry.checkedAtMs = timers.now();
}

function resolve({ configured, breaker, cards, listed }: Entry, model: string): Resolved {
  const { vendor, absence, isSimulated } = configured;
  if (absence !== null) return { obstacle: makeFault('missing_key', absence) };
  const isHere = listed?.some((one) => isSameModel(one.model, model)) ?? true;
  if (vendor.isListComplete && !isHere) {
    const message = `${vendor.name} does not have ${model}.`;
    return { obstacle: makeFault('unknown_model', message) };
  }
  const card =
    cards.find((one) => one.model === model) ?? cards.find((one) => isSameModel(one.model, model));
  if (card?.capabilities.includes('embedding')) {
    return { obstacle: makeFault('unknown_model', `${model} makes vectors, not answers.`) };
  }
  const resting = breaker.admit();
  if (resting !== null) {
    const message = `Left alone for a moment: ${resting}`;
    return { obstacle: makeFault('no_model_available', message) };
  }
  return { vendor, card: card ?? blankCard(model), isSimulated };
}

export type VendorRegistry = ReturnType<typeof makeVendorRegistry>;
