import type { Authority, ModelRef, Need, RemovedCandidate, RoutingRule } from '@mosaic/proto';
import { type CandidateCard, findModel, refOf } from '../model-catalogue.ts';
import { expandName, type NameBook } from './expand-name.ts';
import { canDo, type HardFacts, judgeCard, type Objection, spareable } from './judge-card.ts';

/** A model by name, and by whose authority it stands where it stands. */
export interface Wish {
  readonly name: string;
  readonly authority: Authority;
  readonly rule: string;
  readonly params?: RoutingRule['then']['params'];
}

export interface UsableCandidate {
  readonly card: CandidateCard;
  readonly wish: Wish;
  readonly rank: number;
}

/** A candidate that was passed over, and its place. */
export type Removed = RemovedCandidate & { readonly rank: number };

export interface Sifted {
  readonly usable: readonly UsableCandidate[];
  readonly removed: readonly Removed[];
  /** The cards that were looked at, in order. */
  readonly looked: readonly CandidateCard[];
  /** What the choice has to do without. */
  readonly without: readonly Need[];
}

/** The choice and its alternatives: behind so many nobody is looked at any more. */
const enough = 6;

interface World {
  readonly cards: readonly CandidateCard[];
  readonly book: NameBook;
}

/**
 * Hard facts filter and never score: a candidate either can take the prompt now or it is passed over.
 * When nobody can who has tools, or can be held to JSON, somebody without them may.
 */
export function siftCandidates(wishes: readonly Wish[], world: World, facts: HardFacts): Sifted {
  const strict = sift(wishes, world, facts);
  const spared = facts.needs.filter((need) => spareable.includes(need));
  if (strict.usable.length > 0 || spared.length === 0) return strict;
  const needs = facts.needs.filter((need) => !spareable.includes(need));
  const loose = sift(wishes, world, { ...facts, needs });
  return loose.usable.length === 0 ? strict : { ...loose, without: spared };
}

function sift(wishes: readonly Wish[], world: World, facts: HardFacts): Sifted {
  const seen = new Set<string>();
  const looked: CandidateCard[] = [];
  const usable: UsableCandidate[] = [];
  const removed: Removed[] = [];
  const named = wishes.flatMap((wish) =>
    expandName(wish.name, world.book).map((one) => ({ ...one, wish })),
  );
  for (const [rank, { name, problem, wish }] of named.entries()) {
    if (usable.length === enough) break;
    const card = problem === null ? findModel(world.cards, name) : undefined;
    const key = card === undefined ? name : nameOf(card);
    if (seen.has(key)) continue;
    seen.add(key);
    if (card !== undefined) looked.push(card);
    const objection = objectionTo(card, { problem, wish, facts });
    if (card !== undefined && objection === null) usable.push({ card, wish, rank });
    else if (objection !== null) removed.push(removal(name, card, { ...objection, wish, rank }));
  }
  return { usable, removed, looked, without: lackingOf(usable[0], facts) };
}

function objectionTo(
  card: CandidateCard | undefined,
  asked: { readonly problem: string | null; readonly wish: Wish; readonly facts: HardFacts },
): Objection | null {
  const { facts, problem, wish } = asked;
  if (card === undefined) return { why: problem ?? 'no provider offers it', fact: 'unknown' };
  // Who is named by a person need not have what an agent would like to use.
  const isNamed = wish.authority === 'message' || wish.authority === 'pinned';
  const needs = isNamed ? facts.needs.filter((need) => !spareable.includes(need)) : facts.needs;
  return judgeCard(card, { ...facts, needs });
}

function lackingOf(chosen: UsableCandidate | undefined, { needs }: HardFacts): readonly Need[] {
  if (chosen === undefined) return [];
  return needs.filter((need) => spareable.includes(need) && !canDo(chosen.card, need));
}

function removal(
  name: string,
  card: CandidateCard | undefined,
  { why, wish, ...rest }: Objection & { readonly wish: Wish; readonly rank: number },
): Removed {
  return { ...asRef(name, card), why: why.slice(0, 300), namedBy: wish.rule, ...rest };
}

export function nameOf(ref: ModelRef): string {
  return `${ref.provider}/${ref.model}`;
}

/** A name without a card is shown as it was written, under the vendor it names or would belong to. */
function asRef(name: string, card: CandidateCard | undefined): ModelRef {
  if (card !== undefined) return refOf(card);
  const provider = /^(anthropic|openai|openrouter|zai|ollama)\/(.+)$/.exec(name);
  const vendor = provider?.[1] as ModelRef['provider'] | undefined;
  return { provider: vendor ?? 'openrouter', model: provider?.[2] ?? name };
}
