import type { IndexedPassage } from '../index/passage.ts';
import type { RankedPassage } from '../rank/rank-passages.ts';
import type { ScoreParts } from '../rank/score-parts.ts';

/** A passage with its text as it is stored now. */
export interface FoundPassage extends RankedPassage {
  readonly text: string;
}

/** One or more neighbouring pieces of a source, ready to be shown to a person or a model. */
export interface Recalled {
  readonly first: IndexedPassage;
  readonly last: IndexedPassage;
  readonly text: string;
  readonly score: number;
  readonly parts: ScoreParts;
  readonly tokens: number;
}

export interface PackOptions {
  readonly limit: number;
  readonly tokenBudget: number;
  /** Whether what has been superseded counts: the question asks about the past. */
  readonly withSuperseded: boolean;
}

/** From this share of common words on, the second of two passages says nothing new. */
const sameShare = 0.8;

/**
 * Chooses from ranked passages what fits the budget, best first: nothing superseded unless the past
 * is asked for, nothing twice, neighbouring pieces of one message as one.
 */
export function packPassages(
  found: readonly FoundPassage[],
  options: PackOptions,
): readonly Recalled[] {
  const chosen: ReadonlySet<number>[] = [];
  const packed: Recalled[] = [];
  let tokens = 0;
  for (const one of found) {
    if (packed.length >= options.limit) break;
    if (!options.withSuperseded && one.passage.supersededAtMs !== null) continue;
    const terms = new Set(one.passage.terms);
    if (chosen.some((others) => saysTheSame(terms, others))) continue;
    const size = countTokens(one.text);
    if (tokens + size > options.tokenBudget) continue;
    tokens += size;
    chosen.push(terms);
    addPiece(packed, { ...one, tokens: size });
  }
  return packed;
}

function addPiece(packed: Recalled[], piece: FoundPassage & { readonly tokens: number }): void {
  const at = packed.findIndex(({ first, last }) => {
    const isSame =
      first.source === piece.passage.source &&
      first.sourceId === piece.passage.sourceId &&
      first.conversationId === piece.passage.conversationId;
    return isSame && [first.chunk - 1, last.chunk + 1].includes(piece.passage.chunk);
  });
  const beside = packed[at];
  const { passage, text, score, parts, tokens } = piece;
  if (beside === undefined) {
    packed.push({ first: passage, last: passage, text, score, parts, tokens });
    return;
  }
  const isBefore = passage.chunk < beside.first.chunk;
  packed[at] = {
    ...beside,
    ...(isBefore ? { first: passage } : { last: passage }),
    text: isBefore ? `${text}\n${beside.text}` : `${beside.text}\n${text}`,
    tokens: beside.tokens + tokens,
  };
}

function saysTheSame(one: ReadonlySet<number>, other: ReadonlySet<number>): boolean {
  const smaller = Math.min(one.size, other.size);
  // Sets of unlike size can't have the share in common: most pairs need no closer look.
  if (smaller === 0 || smaller < sameShare * Math.max(one.size, other.size)) return false;
  const common = one.intersection(other).size;
  return common / (one.size + other.size - common) >= sameShare;
}

/** About what models count: four letters a token, a character of a script without blanks one. */
export function countTokens(text: string): number {
  const dense = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  return dense + Math.ceil((text.length - dense) / 4);
}
