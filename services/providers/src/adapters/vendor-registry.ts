import type {
  HealthChange,
  KeyRestKind,
  ModelCard,
  ModelRef,
  ProviderName,
  ProviderStatus,
} from '@mosaic/proto';
import { MosaicError } from '@mosaic/proto';
import { toModelCards, toStatus } from '../app/catalogue.ts';
import { longestWaitMs } from '../app/choose-next-step.ts';
import { compareHealth } from '../app/health/compare-health.ts';
import { watchLoads } from '../app/health/watch-loads.ts';
import { identifyModel } from '../app/keys/identify-key.ts';
import { concernsModelAlone, type KeyRests } from '../app/keys/key-rests.ts';
import type { ConfiguredVendor } from '../app/registry/configured-vendor.ts';
import {
  type AskedWith,
  type Asking,
  resolveCandidate,
  type UserKeys,
} from '../app/registry/resolve-candidate.ts';
import {
  hostOf,
  makeEntry,
  nextEnd,
  noteProbes,
  type Probe,
  stateOf,
  type VendorEntry,
} from '../app/registry/vendor-entry.ts';
import { makeVendorPool } from '../app/registry/vendor-pool.ts';
import type { Resolved } from '../app/run/run-ports.ts';
import type { Timers, VendorFault } from '../app/vendor/vendor-port.ts';
import { probeKeys } from './probe-keys.ts';

const refreshEveryMs = 300_000;
/** Vendors that are unwell are looked at more often, so that they come back soon. */
const lookAgainMs = 30_000;
const instants = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
const nobodysKeys: UserKeys = new Map();

export interface RegistryOptions {
  readonly vendors: readonly ConfiguredVendor[];
  readonly rests: KeyRests;
  readonly timers: Timers;
  /** Called when models or health of a vendor differ from what was last told. */
  readonly onChange: (provider: ProviderName, isHealthy: boolean) => void;
  readonly onHealth: (change: HealthChange) => void;
  /** Called when a key begins to rest, rests longer, or rests no more before its time. */
  readonly onRest: (keyId: string) => void;
}

/** Keeps what is known about the vendors: live lists, health, keys, and who may be asked for what. */
export class VendorRegistry {
  readonly #options: RegistryOptions;
  readonly #entries: ReadonlyMap<ProviderName, VendorEntry>;
  readonly #pool = makeVendorPool();
  #stopTick = () => {};
  #stopAlarm = () => {};
  #isStopped = false;

  constructor(options: RegistryOptions) {
    this.#options = options;
    // Of the five only Ollama reads a model from a disk when it is asked.
    const loadsOf = (name: ProviderName) =>
      name === 'ollama' ? watchLoads(options.timers, () => this.lookAgain()) : undefined;
    this.#entries = new Map(
      options.vendors.map((one) => [one.name, makeEntry(one, loadsOf(one.name))]),
    );
  }

  /** Begins to look at the vendors, now and from time to time. */
  start(): void {
    for (const [name, entry] of this.#entries) {
      this.#tellChange(entry);
      const ageMs = this.#options.timers.now() - (entry.checkedAtMs ?? 0);
      if (ageMs >= refreshEveryMs || !this.status(name).isHealthy) void this.refresh(name);
      else void this.#testRefusedKeys(entry);
    }
    this.#stopTick = this.#options.timers.after(lookAgainMs, () => this.start());
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopTick();
    this.#stopAlarm();
  }

  /** Asks the vendor for its models with every key that may be asked with; never rejects. */
  refresh(name: ProviderName): Promise<void> {
    const entry = this.#entryOf(name);
    // A refused key is what a test is for; one that waits for its time is left alone.
    entry.running ??= this.#probe(entry, [null, 'refused']).then((probes) => {
      if (probes.length > 0) noteProbes(entry, probes, this.#options.timers.now());
      entry.running = undefined;
      this.#look(entry);
    });
    return entry.running;
  }

  /** Looks again at everything: another replica's word about keys, or the time, has changed it. */
  lookAgain(): void {
    for (const entry of this.#entries.values()) this.#tellChange(entry);
    this.#setAlarm();
  }

  status(name: ProviderName, userKeys = nobodysKeys): ProviderStatus {
    return toStatus(stateOf(this.#entryOf(name), this.#options, userKeys.get(name)));
  }

  statuses(userKeys = nobodysKeys): ProviderStatus[] {
    return [...this.#entries.keys()].map((name) => this.status(name, userKeys));
  }

  models(): ModelCard[] {
    const all = [...this.#entries.values()];
    return all.flatMap((entry) => toModelCards(stateOf(entry, this.#options)));
  }

  /** Who answers for this candidate, with the key to ask with; or why it can't be asked now. */
  resolve({ provider, model }: ModelRef, asking: Asking): Resolved {
    const { rests, timers } = this.#options;
    const entry = this.#entryOf(provider);
    const ended = this.#ended.bind(this);
    return resolveCandidate({ entry, model }, asking, { rests, timers, pool: this.#pool, ended });
  }

  #entryOf(name: ProviderName): VendorEntry {
    const entry = this.#entries.get(name);
    if (!entry) throw new MosaicError('not_found', `There is no provider ${name}.`);
    return entry;
  }

  #ended({ entry, key, model }: AskedWith, fault: VendorFault | null): void {
    const { rests, onRest } = this.#options;
    const modelId = identifyModel(key.id, model);
    const id = fault && concernsModelAlone(fault) ? modelId : key.id;
    if (fault === null) {
      rests.answered(key.id);
      rests.answered(modelId);
    } else if (rests.failed(id, fault, 'call')) {
      onRest(id);
      if (fault.code === 'provider_auth') void this.#testRefusedKeys(entry);
    }
    const wasWell = entry.told?.status.isHealthy && entry.told.status.restingModels.length === 0;
    // Most calls change nothing, and comparing takes longer than many of them may.
    if (fault === null && wasWell) return;
    if (fault === null && key.owner === 'installation') entry.probeFault = null;
    this.#look(entry);
  }

  async #testRefusedKeys(entry: VendorEntry): Promise<void> {
    const probes = await this.#probe(entry, ['refused']);
    if (probes.length > 0) this.#look(entry);
  }

  /** Tests the keys that are in one of these states, `null` being ready; never rejects. */
  async #probe(entry: VendorEntry, states: readonly (KeyRestKind | null)[]): Promise<Probe[]> {
    const { configured } = entry;
    const { rests } = this.#options;
    const keys = configured.keys.filter(({ id }) => states.includes(rests.of(id)?.kind ?? null));
    const probes = await probeKeys(keys, (key) => this.#pool.vendorOf(configured, key));
    for (const probe of probes) this.#noteProbe(entry, probe);
    return probes;
  }

  #noteProbe(entry: VendorEntry, probe: Probe): void {
    const { rests, onRest } = this.#options;
    const { id } = probe.key;
    const isGood = 'listed' in probe;
    // A key that may not list models may well ask them.
    if (!isGood && concernsModelAlone(probe.fault)) return;
    if (isGood) hostOf(entry, probe.key, this.#options).answered();
    if (isGood ? rests.passedTest(id) : rests.failed(id, probe.fault, 'test')) onRest(id);
  }

  #look(entry: VendorEntry): void {
    this.#tellChange(entry);
    this.#setAlarm();
  }

  #tellChange(entry: VendorEntry): void {
    const { timers, onChange, onHealth } = this.#options;
    const status = toStatus(stateOf(entry, this.#options));
    // Instants are left out: an end that moves is no news.
    const text = JSON.stringify([{ ...status, checkedAt: null }, entry.listDigest]).replaceAll(
      instants,
      '',
    );
    const before = entry.told?.status ?? null;
    if (text === entry.told?.text || this.#isStopped) return;
    entry.told = { text, status };
    onChange(status.name, status.isHealthy);
    const at = new Date(timers.now()).toISOString();
    for (const change of compareHealth(before, status, at)) onHealth(change);
  }

  /** Looks again as soon as a call would get through to something that rests now. */
  #setAlarm(): void {
    const { timers } = this.#options;
    this.#stopAlarm();
    const ends = [...this.#entries.values()].map((entry) => nextEnd(entry, this.#options));
    const leftMs = Math.min(...ends) - timers.now();
    if (this.#isStopped || leftMs > lookAgainMs + longestWaitMs) return;
    // A call waits for its key so long that the vendor is ready earlier.
    const readyMs = leftMs > longestWaitMs ? leftMs - longestWaitMs : leftMs;
    this.#stopAlarm = timers.after(Math.max(1, readyMs), () => this.lookAgain());
  }
}
