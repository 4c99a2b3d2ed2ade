import {
  MosaicError,
  type RecordedCard,
  type RecordedInputs,
  type RouteDecision,
} from '@mosaic/proto';
import { type CandidateCard, expectedCostUsd, refOf } from '../model-catalogue.ts';
import { renderReason } from '../render-reason.ts';
import { recordFacts } from '../rules/facts.ts';
import type { Deciding } from './deciding.ts';
import { type Reference, referenceIn } from './expand-name.ts';
import { cachedTokensOf } from './kept-cache.ts';
import { nameOf, type Removed, type Sifted } from './sift-candidates.ts';
import { type Walk, witnessOf } from './walk-rules.ts';

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
      ...(byAgent === undefined ? {} : { agent: 'rule' }),
      ...(question.channel === undefined ? {} : { channel: 'message' }),
      ...(question.localTime === undefined ? {} : { timeOfDay: 'message' }),
      ...(question.budgetLeftUsd === undefined ? { budgetLeft: 'limits' } : {}),
    }),
    removed: sifted.removed.slice(0, 20).map(({ rank: _rank, ...one }) => one),
    ...(next === undefined
      ? {}
      : { nextBest: { ...refOf(next.card), ...expectationsOf(next.card, deciding) } }),
    ...cacheOf(chosen.card, deciding),
    ...(localOnlyBy.length === 0 ? {} : { localOnlyBy: [...localOnlyBy] }),
    ...(sifted.without.length === 0 ? {} : { without: [...sifted.without] }),
    modelFile: modelVersion,
    ...inputsOf(made),
  };
  return { ...record, reason: renderReason(record) };
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

/** Records above this are not worth their way through the log; they say what decided all the same. */
const maxInputChars = 200_000;

function inputsOf({ deciding, sifted, walk }: Chosen): Pick<RouteDecision, 'inputs'> {
  const { question, world } = deciding;
  const { text: _text, timeZone: _zone, ...asked } = question;
  const { book, budgetLeftUsd, caller, policyVersion, timeOfDay } = world;
  const rules = walk.looked.map((rule, index) => {
    const judged = walk.considered[index];
    return judged === undefined ? rule : witnessOf(rule, judged);
  });
  const named = namesIn(rules, book.tiers);
  const inputs: RecordedInputs = {
    question: withoutUnsaid(asked),
    ...(caller === undefined ? {} : { caller: withoutUnsaid(pickCaller(caller)) }),
    ...(timeOfDay === undefined ? {} : { timeOfDay }),
    ...(budgetLeftUsd === undefined ? {} : { budgetLeftUsd }),
    policyVersion,
    rules: [...rules],
    tiers: Object.fromEntries(
      [...named.tier].flatMap((name) => {
        const models = Object.hasOwn(book.tiers, name) ? book.tiers[name] : undefined;
        return models === undefined ? [] : [[name, [...models]]];
      }),
    ),
    agents: book.agents?.filter(({ name }) => named.agent.has(name)).map(copyAgent) ?? null,
    cards: sifted.looked.map((card) => recordCard(card, deciding)),
  };
  return sizeOf(rules) > maxInputChars ? {} : { inputs };
}

const pickCaller = ({ userId, via }: { userId: string; via?: string | undefined }) => ({
  userId,
  via,
});
const copyAgent = ({ name, model }: { name: string; model: string | null }) => ({ name, model });

/** Most policies are small; only long ones are worth measuring. */
function sizeOf(rules: RecordedInputs['rules']): number {
  return rules.length < 20 ? 0 : JSON.stringify(rules).length;
}

/** Fields that nobody gave are not there, neither in a record nor in what is read back from one. */
function withoutUnsaid<Value extends object>(value: Value): Said<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, one]) => one !== undefined),
  ) as Said<Value>;
}
type Said<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

/** Every tier and agent that can be reached from rules, by kind. */
function namesIn(
  rules: RecordedInputs['rules'],
  tiers: Readonly<Record<string, readonly string[]>>,
) {
  const found = { tier: new Set<string>(), agent: new Set<string>() };
  const follow = (reference: Reference | undefined): void => {
    if (reference === undefined || found[reference.kind].has(reference.name)) return;
    found[reference.kind].add(reference.name);
    if (reference.kind === 'agent' || !Object.hasOwn(tiers, reference.name)) return;
    for (const entry of tiers[reference.name] ?? []) follow(referenceIn(entry));
  };
  for (const { then } of rules) {
    if (then.tier !== undefined) follow({ kind: 'tier', name: then.tier });
    if (then.agent !== undefined) follow({ kind: 'agent', name: then.agent });
    for (const name of [then.model ?? '', ...then.fallbacks]) follow(referenceIn(name));
  }
  return found;
}

function recordCard(card: CandidateCard, { world }: Deciding): RecordedCard {
  const { price } = card;
  const rates = price === null ? null : ratesIn(price);
  return {
    ...refOf(card),
    name: card.name,
    contextTokens: card.contextTokens,
    maxOutputTokens: card.maxOutputTokens,
    capabilities: [...card.capabilities],
    price: rates,
    isAvailable: card.isAvailable,
    unavailableReason: card.unavailableReason,
    latency: world.latencyOf?.(card) ?? null,
  };
}

function ratesIn({
  cacheRead,
  cacheWrite1h,
  cacheWrite5m,
  input,
  output,
  reasoning,
  tiers,
}: Priced) {
  return {
    input,
    output,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
    ...(reasoning === undefined ? {} : { reasoning }),
    tiers: [...tiers],
  };
}
type Priced = NonNullable<CandidateCard['price']>;

function toSkipped({ model, provider, why }: Removed) {
  return { provider, model, why };
}

function noModel(removed: readonly Removed[]): MosaicError {
  const first = removed[0];
  const because = first === undefined ? '' : ` (${nameOf(first)}: ${first.why})`;
  return new MosaicError(
    'no_model_available',
    `No model can answer now${because}. Set a provider's key, for example ANTHROPIC_API_KEY, or start Ollama.`,
    { details: { skipped: removed.slice(0, 20).map(toSkipped) } },
  );
}
