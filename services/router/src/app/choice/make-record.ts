import { MosaicError, type RouteDecision } from '@mosaic/proto';
import { type CandidateCard, expectedCostUsd, refOf } from '../model-catalogue.ts';
import { renderReason } from '../render-reason.ts';
import { recordFacts } from '../rules/facts.ts';
import type { Deciding } from './deciding.ts';
import { cachedTokensOf } from './kept-cache.ts';
import { recordInputs } from './record-inputs.ts';
import { nameOf, type Removed, type Sifted } from './sift-candidates.ts';
import type { Walk } from './walk-rules.ts';

export interface Chosen {
  readonly deciding: Deciding;
  readonly walk: Walk;
  readonly sifted: Sifted;
}

/** The record without its times. Throws `no_model_available` when nothing can answer. */
export function makeRecord(made: Chosen): Omit<RouteDecision, 'tookUs'> {
  const { deciding, sifted, walk } = made;
  const { modelVersion, profile, question, world } = deciding;
  const [chosen, next] = sifted.usable;
  if (chosen === undefined) throw noModel(sifted.removed);
  const { byAgent, considered, localOnlyBy } = walk;
  const params = chosen.wish.params ?? byAgent?.then.params ?? {};
  const record = {
    ...refOf(chosen.card),
    modelName: chosen.card.name,
    rule: chosen.wish.rule,
    authority: chosen.wish.authority,
    profile,
    alternatives: sifted.usable.slice(1).map((other) => refOf(other.card)),
    skipped: sifted.removed.filter((one) => one.rank < chosen.rank).map(toSkipped),
    considered,
    ...expectationsOf(chosen.card, deciding),
    policyVersion: `${world.policyVersion}+${modelVersion}`,
    ...(byAgent?.then.agent === undefined
      ? {}
      : { agent: { name: byAgent.then.agent, rule: byAgent.name } }),
    ...(Object.keys(params).length === 0 ? {} : { params }),
    facts: recordFacts(walk.facts, {
      ...(byAgent === undefined ? {} : { agent: 'rule' as const }),
      ...(question.channel === undefined ? {} : { channel: 'message' }),
      ...(question.localTime === undefined ? {} : { timeOfDay: 'message' }),
      ...(isBudgetOfDay(deciding) ? { budgetLeft: 'limits' } : {}),
    }),
    removed: sifted.removed.slice(0, 20).map(({ rank: _rank, ...one }) => one),
    ...(next === undefined
      ? {}
      : { nextBest: { ...refOf(next.card), ...expectationsOf(next.card, deciding) } }),
    ...cacheOf(chosen.card, deciding),
    ...(deciding.near === undefined ? {} : { exemplar: deciding.near }),
    ...(deciding.judge === undefined ? {} : { judge: deciding.judge }),
    ...(localOnlyBy.length === 0 ? {} : { localOnlyBy: [...localOnlyBy] }),
    ...(sifted.without.length === 0 ? {} : { without: [...sifted.without] }),
    ...(chosen.card.contextTokens === null ? {} : { contextTokens: chosen.card.contextTokens }),
    modelFile: modelVersion,
    ...recordInputs(made),
  };
  return { ...record, reason: renderReason(record) };
}

function isBudgetOfDay({ question, world }: Deciding): boolean {
  const { budgetLeftUsd = Number.POSITIVE_INFINITY } = question;
  return world.budgetLeftUsd !== undefined && world.budgetLeftUsd < budgetLeftUsd;
}

/** What a model is expected to cost and to take, for this prompt. */
function expectationsOf(card: CandidateCard, { profile, question, world }: Deciding) {
  const cached = cachedTokensOf(card, question);
  return {
    expectedCostUsd: expectedCostUsd(card, profile.promptTokens, cached),
    expectedLatency: world.latencyOf?.(card) ?? null,
  };
}

/** What becomes of the prompt cache that the turn before has left. */
function cacheOf(
  card: CandidateCard,
  { profile, question }: Deciding,
): Pick<RouteDecision, 'cache'> {
  const { cachedTokens = 0, previous } = question;
  if (previous === undefined || cachedTokens === 0) return {};
  const isKept = nameOf(previous) === nameOf(card);
  const whole = expectedCostUsd(card, profile.promptTokens);
  const spared = expectedCostUsd(card, profile.promptTokens, cachedTokens);
  const lostUsd = isKept ? 0 : whole === null || spared === null ? null : whole - spared;
  return { cache: { keptBy: refOf(previous), tokens: cachedTokens, lostUsd } };
}

function toSkipped({ model, provider, why }: Removed) {
  return { provider, model, why };
}

function noModel(removed: readonly Removed[]): MosaicError {
  const details = { skipped: removed.slice(0, 20).map(toSkipped) };
  const dear = removed.find(({ fact }) => fact === 'budget');
  if (dear !== undefined) return new MosaicError('budget_exceeded', tooDear(dear), { details });
  const first = removed[0];
  const because = first === undefined ? '' : `\n${nameOf(first)}: ${first.why}`;
  return new MosaicError(
    'no_model_available',
    `No model can answer now. Set a provider's key, for example ANTHROPIC_API_KEY, or start Ollama.${because}`,
    { details },
  );
}

function tooDear(removed: Removed): string {
  const left = Number(removed.evidence?.['budgetLeftUsd'] ?? 0).toFixed(2);
  return `Of today's budget $${left} is left, and no model that can answer costs so little (${nameOf(removed)}: ${removed.why}). The budget begins anew at 00:00 UTC; an administrator can raise it.`;
}
