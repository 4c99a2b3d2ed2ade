import type { Need, RemovedCandidate } from '@mosaic/proto';
import {
  type CandidateCard,
  expectedCostUsd,
  promptShare,
  usualAnswerTokens,
} from '../model-catalogue.ts';

/** What every candidate is held against. */
export interface HardFacts {
  readonly needs: readonly Need[];
  readonly promptTokens: number;
  /** Longest answer that is asked for; undefined leaves room for a usual one. */
  readonly outputTokens?: number | undefined;
  /** US dollars; undefined when nobody keeps a budget. */
  readonly budgetLeftUsd?: number | undefined;
  /** The data rules that let only local models answer. */
  readonly localOnlyBy: readonly string[];
  /** Tokens of the prompt that this model's vendor may still have in its cache. */
  cachedTokens(card: CandidateCard): number;
}

export type Objection = Pick<RemovedCandidate, 'why' | 'fact' | 'evidence'>;

/** What can be done without when nobody who has it can answer: providers leaves it out, and says so. */
export const spareable: readonly Need[] = ['tools', 'json'];

/** Which hard fact stands against a card, with the numbers that say so; null when none does. */
export function judgeCard(card: CandidateCard, facts: HardFacts): Objection | null {
  return (
    againstHealth(card) ??
    againstData(card, facts) ??
    againstNeeds(card, facts.needs) ??
    againstSize(card, facts) ??
    againstCost(card, facts)
  );
}

function againstHealth(card: CandidateCard): Objection | null {
  if (!card.isAvailable) {
    return { why: card.unavailableReason ?? 'it is not available', fact: 'health' };
  }
  if (!card.capabilities.includes('embedding')) return null;
  return { why: 'it makes vectors, not answers', fact: 'capability' };
}

/** Ollama hands models with these endings on to its own cloud. */
const handedOn = /[:-]cloud$/;

export function isLocal({ model, provider }: Pick<CandidateCard, 'model' | 'provider'>): boolean {
  return provider === 'ollama' && !handedOn.test(model);
}

function againstData(card: CandidateCard, { localOnlyBy }: HardFacts): Objection | null {
  const [rule] = localOnlyBy;
  if (rule === undefined || isLocal(card)) return null;
  const why = `the rule ${rule} keeps this on local models`;
  return { why, fact: 'data-rule', evidence: { rule } };
}

const cannot: Partial<Record<Need, string>> = {
  vision: 'it cannot see images',
  tools: 'it cannot use tools',
  json: 'it cannot be held to JSON',
};

function againstNeeds(card: CandidateCard, needs: readonly Need[]): Objection | null {
  for (const need of needs) {
    const why = cannot[need];
    if (why === undefined || canDo(card, need)) continue;
    return { why, fact: 'capability', evidence: { need } };
  }
  return null;
}

/** Of tools and JSON a card without any capability says nothing; seeing is never taken for granted. */
export function canDo({ capabilities }: CandidateCard, need: Need): boolean {
  if (need === 'long-context') return true;
  return capabilities.includes(need) || (capabilities.length === 0 && spareable.includes(need));
}

/** An answer may be asked to have 64,000 tokens and has a thousand; providers cut what does not fit. */
const longestReserve = 16_384;

function againstSize(
  { contextTokens, maxOutputTokens }: CandidateCard,
  { outputTokens = usualAnswerTokens, promptTokens }: HardFacts,
): Objection | null {
  if (contextTokens === null) return null;
  const answer = Math.min(outputTokens, maxOutputTokens ?? outputTokens, longestReserve);
  const room = Math.floor(Math.min(contextTokens * promptShare, contextTokens - answer));
  if (promptTokens <= room) return null;
  const why = `the prompt (${promptTokens} tokens) does not fit its ${contextTokens}`;
  const evidence = { promptTokens, contextTokens, answerTokens: answer };
  return { why, fact: 'context', evidence };
}

function againstCost(card: CandidateCard, facts: HardFacts): Objection | null {
  const { budgetLeftUsd, promptTokens } = facts;
  const costUsd = expectedCostUsd(card, promptTokens, facts.cachedTokens(card));
  if (costUsd === null || budgetLeftUsd === undefined || costUsd <= budgetLeftUsd) return null;
  return {
    why: `it costs about $${costUsd.toFixed(4)}, and $${budgetLeftUsd.toFixed(4)} is left`,
    fact: 'budget',
    evidence: { expectedCostUsd: costUsd, budgetLeftUsd },
  };
}
