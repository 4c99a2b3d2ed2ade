import { createHash } from 'node:crypto';
import type { ProviderStatus } from '@mosaic/proto';
import { mergeCards, type ProviderState } from '../catalogue.ts';
import { type HostHealth, makeHostHealth } from '../health/host-health.ts';
import type { LoadWatch } from '../health/watch-loads.ts';
import { restingModelsOf, restReason, toKeyStatus } from '../keys/explain-rests.ts';
import { hintOf } from '../keys/identify-key.ts';
import { concernsKey, type KeyRests } from '../keys/key-rests.ts';
import type { VendorKey } from '../vendor/vendor-key.ts';
import type {
  ListedModel,
  Timers,
  Vendor,
  VendorCard,
  VendorFault,
} from '../vendor/vendor-port.ts';
import type { ConfiguredVendor } from './configured-vendor.ts';

/** How one key did in the cheapest call there is: the vendor's list of models. */
export type Probe = { readonly key: VendorKey } & (
  | { readonly listed: readonly ListedModel[] }
  | { readonly fault: VendorFault }
);

/** Addresses remembered of one vendor: users may bring their own. */
const mostHosts = 100;

/** What one replica knows about one vendor. */
export interface VendorEntry {
  readonly configured: ConfiguredVendor;
  /** Describes the vendor; nobody is asked through it. */
  readonly described: Vendor;
  /** By base URL. */
  readonly hosts: Map<string, HostHealth>;
  listed: readonly ListedModel[] | null;
  /** Undefined for a vendor that loads no models on demand. */
  readonly loads: LoadWatch | undefined;
  /** What vendors do not let keys do that they know, by the ids of the keys. */
  readonly forbidden: Map<string, string>;
  /** Tells lists apart: they are long, and are compared whenever a call fails. */
  listDigest: string;
  cards: readonly VendorCard[];
  probeFault: VendorFault | null;
  checkedAtMs: number | null;
  /** What was told last, and its text for comparison. */
  told: { readonly text: string; readonly status: ProviderStatus } | null;
  running: Promise<void> | undefined;
}

/** What an entry is looked at with. */
export interface Looking {
  readonly rests: KeyRests;
  readonly timers: Pick<Timers, 'now'>;
}

export function makeEntry(configured: ConfiguredVendor, loads: LoadWatch | undefined): VendorEntry {
  const described = configured.make({ apiKey: 'none', baseUrl: configured.baseUrl });
  return {
    configured,
    described,
    hosts: new Map(),
    loads,
    listed: null,
    forbidden: new Map(),
    listDigest: '',
    cards: described.cards,
    probeFault: null,
    checkedAtMs: null,
    told: null,
    running: undefined,
  };
}

/** Health of the host that a key belongs to. */
export function hostOf(entry: VendorEntry, key: VendorKey, { timers }: Looking): HostHealth {
  const baseUrl = key.baseUrl ?? entry.configured.baseUrl;
  const known = entry.hosts.get(baseUrl);
  if (known) return known;
  const [oldest] = [...entry.hosts.keys()].filter((url) => url !== entry.configured.baseUrl);
  if (oldest !== undefined && entry.hosts.size >= mostHosts) entry.hosts.delete(oldest);
  const fresh = makeHostHealth(timers);
  entry.hosts.set(baseUrl, fresh);
  return fresh;
}

/** Keeps what a probe found out; a key's own fault is kept with the key. */
export function noteProbes(entry: VendorEntry, probes: readonly Probe[], nowMs: number): void {
  const good = probes.find((probe) => 'listed' in probe);
  if (good && 'listed' in good) {
    entry.listed = good.listed;
    entry.listDigest = createHash('sha256').update(JSON.stringify(good.listed)).digest('hex');
    entry.cards = mergeCards({ cards: entry.described.cards, listed: good.listed });
  }
  for (const probe of probes) {
    if ('fault' in probe && probe.fault.code === 'provider_forbidden') {
      entry.forbidden.set(probe.key.id, `It may not list the models: ${probe.fault.message}`);
    } else if ('listed' in probe) entry.forbidden.delete(probe.key.id);
  }
  const faults = probes.flatMap((probe) => ('fault' in probe ? [probe.fault] : []));
  // A host without a list of models may still answer: then our cards are all there is.
  const fault = faults.find((one) => one.code !== 'unknown_model' && !concernsKey(one));
  entry.probeFault = good ? null : (fault ?? null);
  entry.checkedAtMs = nowMs;
}

/** The state as it is now: of the installation, or for a user with keys of their own. */
export function stateOf(
  entry: VendorEntry,
  { rests, timers }: Looking,
  own: readonly VendorKey[] = [],
): ProviderState {
  const { configured, described, listed, probeFault, checkedAtMs } = entry;
  const { name, absence, isSimulated } = configured;
  const keys = own.length > 0 ? own : configured.keys;
  const ownBase = keys[0]?.baseUrl ?? null;
  const host = entry.hosts.get(ownBase ?? configured.baseUrl);
  const resting = restReason({ keys, rests, nowMs: timers.now() });
  const instant = (ms: number) => new Date(ms).toISOString();
  return {
    name,
    cards: described.cards,
    isListComplete: described.isListComplete,
    isSimulated: isSimulated && ownBase === null,
    absence: own.length > 0 ? null : absence,
    keyHint: keys[0] ? hintOf(keys[0].secret) : null,
    keys: [...own, ...configured.keys]
      .filter(({ secret }) => secret !== '')
      .map((key) => toKeyStatus(key, rests, entry.forbidden.get(key.id))),
    restingModels: [
      ...(host?.restingModels() ?? []).map(({ model, reason, sinceMs, untilMs }) => ({
        ...{ model, reason },
        since: instant(sinceMs),
        until: instant(untilMs),
      })),
      ...restingModelsOf(keys, rests, timers.now()),
    ],
    loadingModels: (entry.loads?.loading() ?? []).map(({ model, sinceMs }) => ({
      model,
      since: instant(sinceMs),
    })),
    listed,
    // What was seen at the installation's address says nothing of another.
    probeFault: ownBase === null ? probeFault : null,
    breakerReason: resting ?? host?.rest()?.reason ?? null,
    checkedAt: checkedAtMs === null ? null : instant(checkedAtMs),
  };
}

/** The next instant at which something that rests now does no more; Infinity when nothing rests. */
export function nextEnd(entry: VendorEntry, { rests, timers }: Looking): number {
  const host = entry.hosts.get(entry.configured.baseUrl);
  const { keys } = entry.configured;
  const ends = [
    ...keys.flatMap((key) => rests.of(key.id) ?? []),
    ...(host?.restingModels() ?? []),
    ...(host?.rest() ? [host.rest()] : []),
  ].map((rest) => rest?.untilMs ?? Number.POSITIVE_INFINITY);
  const models = restingModelsOf(keys, rests, timers.now()).map(({ until }) => Date.parse(until));
  return Math.min(...ends, ...models);
}
