import {
  type CatalogueChange,
  mostChanges,
  type ProviderName,
  type ReplyOf,
  type refreshCatalogue,
} from '@mosaic/proto';
import { z } from 'zod';
import type { VendorCard } from '../vendor/vendor-port.ts';
import { compareLists, type SeenModel, seenModelSchema } from './compare-lists.ts';

export type RefreshReport = ReplyOf<typeof refreshCatalogue>;
export type NotCompared = RefreshReport['notCompared'][number];

/** One vendor's list as it is now. */
export interface Look {
  readonly provider: ProviderName;
  readonly models: readonly SeenModel[];
  /** The cards of this installation that are about this vendor's models. */
  readonly cards: readonly Pick<VendorCard, 'model'>[];
  /** Every card whose price is not the listed one now. */
  readonly disagreements: readonly CatalogueChange[];
}

/** What was kept of the look before, with the sentences of its disagreements. */
export const lookBeforeSchema = z.object({
  models: z.array(seenModelSchema),
  disagreements: z.array(z.string()),
});
export type LookBefore = z.infer<typeof lookBeforeSchema>;

/** The difference between the looks of now and those before, by vendor. */
export function compareLooks(
  looks: readonly Look[],
  before: ReadonlyMap<string, LookBefore>,
): Pick<RefreshReport, 'compared' | 'notCompared'> & { changes: CatalogueChange[] } {
  const changes: CatalogueChange[] = [];
  const compared: ProviderName[] = [];
  const notCompared: NotCompared[] = [];
  for (const { provider, models, cards, disagreements } of looks) {
    const old = before.get(provider);
    const known = old?.disagreements ?? [];
    changes.push(...disagreements.filter((one) => !known.includes(one.text)));
    if (!old) {
      notCompared.push({ provider, why: 'This is the first look; the next compares with it.' });
      continue;
    }
    compared.push(provider);
    changes.push(...compareLists({ provider, before: old.models, now: models, cards }));
  }
  return { changes, compared, notCompared };
}

/** The report as the contract carries it: relied-on models first, and not more than it takes. */
export function toReport(
  at: string,
  { changes, ...rest }: ReturnType<typeof compareLooks>,
): RefreshReport {
  const sorted = changes.toSorted((one, other) => Number(other.isRelied) - Number(one.isRelied));
  const left = Math.max(0, sorted.length - mostChanges);
  return { at, changes: sorted.slice(0, mostChanges), left, ...rest };
}

/** What an administrator must see in the log: news about models that cards, and so rules, rely on. */
export function warningsOf({ changes }: Pick<RefreshReport, 'changes'>): string[] {
  return changes.filter((one) => one.isRelied && one.kind !== 'came').map((one) => one.text);
}
