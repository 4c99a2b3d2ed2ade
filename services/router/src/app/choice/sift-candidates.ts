import type { Authority, ModelCard, ModelRef, RoutingRule, SkippedCandidate } from '@mosaic/proto';
import { findModel, refOf, whyNot } from '../model-catalogue.ts';
import { expandName, type NameBook } from './expand-name.ts';

/** A model by name, and by whose authority it stands where it stands. */
export interface Wish {
  readonly name: string;
  readonly authority: Authority;
  readonly rule: string;
  readonly params?: RoutingRule['then']['params'];
}

export interface UsableCandidate {
  readonly card: ModelCard;
  readonly wish: Wish;
  readonly rank: number;
}

export interface RemovedCandidate extends SkippedCandidate {
  readonly namedBy: string;
  readonly rank: number;
}

export interface Sifted {
  readonly usable: readonly UsableCandidate[];
  readonly removed: readonly RemovedCandidate[];
}

type HardFacts = Parameters<typeof whyNot>[1];

/** Hard facts filter and never score: a candidate either can take the prompt now or it is passed over. */
export function siftCandidates(
  wishes: readonly Wish[],
  world: { readonly cards: readonly ModelCard[]; readonly book: NameBook },
  facts: HardFacts,
): Sifted {
  const seen = new Set<string>();
  const usable: UsableCandidate[] = [];
  const removed: RemovedCandidate[] = [];
  const named = wishes.flatMap((wish) =>
    expandName(wish.name, world.book).map((one) => ({ ...one, wish })),
  );
  for (const [rank, { name, problem, wish }] of named.entries()) {
    const card = problem === null ? findModel(world.cards, name) : undefined;
    const key = card === undefined ? name : nameOf(card);
    if (seen.has(key)) continue;
    seen.add(key);
    const why = card === undefined ? (problem ?? 'no provider offers it') : whyNot(card, facts);
    if (card !== undefined && why === null) usable.push({ card, wish, rank });
    else removed.push(removal(name, card, { why: why ?? '', namedBy: wish.rule, rank }));
  }
  return { usable, removed };
}

function removal(
  name: string,
  card: ModelCard | undefined,
  { why, ...rest }: Pick<RemovedCandidate, 'why' | 'namedBy' | 'rank'>,
): RemovedCandidate {
  return { ...asRef(name, card), why: why.slice(0, 300), ...rest };
}

export function nameOf(ref: ModelRef): string {
  return `${ref.provider}/${ref.model}`;
}

/** A name without a card is shown as it was written, under the vendor it names or would belong to. */
function asRef(name: string, card: ModelCard | undefined): ModelRef {
  if (card !== undefined) return refOf(card);
  const provider = /^(anthropic|openai|openrouter|zai|ollama)\/(.+)$/.exec(name);
  const vendor = provider?.[1] as ModelRef['provider'] | undefined;
  return { provider: vendor ?? 'openrouter', model: provider?.[2] ?? name };
}
