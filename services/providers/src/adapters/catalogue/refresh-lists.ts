import type { ModelRef, ProviderName } from '@mosaic/proto';
import type { Clock, Logger } from '@mosaic/service-kit';
import { findDisagreements, seenOf } from '../../app/cards/compare-lists.ts';
import {
  compareLooks,
  type Look,
  type NotCompared,
  type RefreshReport,
  toReport,
  warningsOf,
} from '../../app/cards/report-news.ts';
import type { ConfiguredVendor } from '../../app/registry/configured-vendor.ts';
import type { VendorRegistry } from '../vendor-registry.ts';
import type { CatalogueMemory } from './catalogue-memory.ts';
import type { LastLook } from './watch-lists.ts';

export interface RefreshParts {
  /** With the built-in cards alone. */
  readonly vendors: readonly ConfiguredVendor[];
  /** Models that the operator's file is about: they are relied on as well. */
  readonly overrides: readonly ModelRef[];
  readonly registry: Pick<VendorRegistry, 'refresh'>;
  readonly lastLook: (name: ProviderName) => LastLook;
  readonly memory: Pick<CatalogueMemory, 'keep'>;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Reads all lists again, compares them with what was seen last, and warns about what is relied on. */
export async function refreshLists(parts: RefreshParts): Promise<RefreshReport> {
  const { vendors, registry, memory, log, clock } = parts;
  await Promise.all(vendors.map(({ name }) => registry.refresh(name)));
  const at = new Date(clock.now()).toISOString();
  const { looks, notCompared } = lookAtLists(parts);
  const report = await memory
    .keep({ at, looks, compare: (before) => toReport(at, compareLooks(looks, before)) })
    .catch((thrown: unknown) => withoutMemory(at, looks, thrown));
  for (const text of warningsOf(report))
    log.warn({ change: text }, 'a model changed that is relied on');
  return { ...report, notCompared: [...notCompared, ...report.notCompared] };
}

function lookAtLists({ vendors, overrides, lastLook }: RefreshParts) {
  const looks: Look[] = [];
  const notCompared: NotCompared[] = [];
  const all = openRouterList({ vendors, lastLook });
  for (const { name: provider, absence, baseUrl, isSimulated, make } of vendors) {
    const built = make({ apiKey: 'none', baseUrl }).cards;
    const look = lastLook(provider);
    const why = absence ?? (isSimulated ? 'It is a look-alike.' : look.listed ? null : look.why);
    if (why !== null || !look.listed)
      notCompared.push({ provider, why: (why ?? '').slice(0, 500) });
    else {
      const own = overrides.filter((one) => one.provider === provider);
      const cards = [...built, ...own];
      const disagreements = findDisagreements({ provider, cards: built }, all);
      looks.push({ provider, models: look.listed.map(seenOf), cards, disagreements });
    }
  }
  return { looks, notCompared };
}

function openRouterList({ vendors, lastLook }: Pick<RefreshParts, 'vendors' | 'lastLook'>) {
  const router = vendors.find(({ name }) => name === 'openrouter');
  if (!router || router.isSimulated) return [];
  return lastLook('openrouter').listed ?? [];
}

/** The lists are fresh all the same; only what changed is not known. */
function withoutMemory(at: string, looks: readonly Look[], thrown: unknown): RefreshReport {
  const reason = thrown instanceof Error ? thrown.message : 'unknown';
  const why = `What was seen last can't be read: ${reason}`.slice(0, 500);
  const notCompared = looks.map(({ provider }) => ({ provider, why }));
  return { at, changes: [], left: 0, compared: [], notCompared };
}
