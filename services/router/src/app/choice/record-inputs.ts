import type { RecordedCard, RecordedInputs, RouteDecision } from '@mosaic/proto';
import { type CandidateCard, refOf } from '../model-catalogue.ts';
import type { Deciding } from './deciding.ts';
import { type AgentPreference, entriesOf, type Reference, referenceIn } from './expand-name.ts';
import type { Sifted } from './sift-candidates.ts';
import { type Walk, witnessOf } from './walk-rules.ts';

interface Decided {
  readonly deciding: Deciding;
  readonly walk: Walk;
  readonly sifted: Pick<Sifted, 'looked'>;
}

/** Records above this are not worth their way through the log; they say what decided all the same. */
const maxInputChars = 200_000;

/** Everything that the record was made from; nothing when that would be too large to keep. */
export function recordInputs({ deciding, sifted, walk }: Decided): Pick<RouteDecision, 'inputs'> {
  const { question, world } = deciding;
  const { history = [], mayAskJudge: _may, text: _text, timeZone: _zone, ...asked } = question;
  const { book, budgetLeftUsd, caller, policyVersion, timeOfDay } = world;
  const rules = walk.looked.map((rule, index) => {
    const judged = walk.considered[index];
    return judged === undefined ? rule : witnessOf(rule, judged);
  });
  const named = namesIn(rules, deciding);
  const inputs: RecordedInputs = {
    question: { ...withoutUnsaid(asked), pastTurns: history.length },
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
const copyAgent = ({ domains, model, name, toolSets, usesTools }: AgentPreference) => ({
  name,
  model,
  ...(usesTools === undefined ? {} : { usesTools }),
  ...(domains === undefined ? {} : { domains: [...domains] }),
  ...(toolSets === undefined ? {} : { toolSets: [...toolSets] }),
});

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

/** Every tier and agent that can be reached from rules and from what was asked for, by kind. */
function namesIn(rules: RecordedInputs['rules'], { profile, question, world }: Deciding) {
  const found = { tier: new Set<string>(), agent: new Set<string>() };
  const follow = (reference: Reference | undefined): void => {
    if (reference === undefined || found[reference.kind].has(reference.name)) return;
    found[reference.kind].add(reference.name);
    for (const entry of entriesOf(reference, world.book) ?? []) follow(referenceIn(entry));
  };
  const { agent, messageModel, pinnedModel, preferredModel } = question;
  // Rules may have looked at what it is good at.
  if (agent !== undefined) follow({ kind: 'agent', name: agent.name });
  const asked = [messageModel, pinnedModel, preferredModel, agent?.model];
  for (const name of asked) follow(referenceIn(name ?? ''));
  for (const { then } of rules) {
    if (then.tier !== undefined) follow({ kind: 'tier', name: then.tier });
    if (then.agent !== undefined) follow({ kind: 'agent', name: then.agent });
    for (const name of goodAt(then.agentFor, profile.domain, world))
      follow({ kind: 'agent', name });
    for (const name of [then.model ?? '', ...then.fallbacks]) follow(referenceIn(name));
  }
  return found;
}

function goodAt(
  asked: 'domain' | undefined,
  domain: string,
  { book }: Deciding['world'],
): readonly string[] {
  if (asked === undefined) return [];
  const able = book.agents?.filter(({ domains = [] }) => domains.includes(domain)) ?? [];
  return able.map(({ name }) => name);
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
