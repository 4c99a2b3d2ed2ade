import {
  type Authority,
  type decideRoute,
  type ModelCard,
  MosaicError,
  type RequestOf,
  type RouteDecision,
  type RoutingRule,
} from '@mosaic/proto';
import { type NameBook, tiersByName } from './choice/expand-name.ts';
import {
  nameOf,
  type RemovedCandidate,
  type Sifted,
  siftCandidates,
  type UsableCandidate,
  type Wish,
} from './choice/sift-candidates.ts';
import { type Walk, walkRules } from './choice/walk-rules.ts';
import type { TaskModel } from './classify/task-model.ts';
import { builtInVersion, defaultChain, defaultTiers } from './default-rules.ts';
import { isFollowUp } from './follow-up.ts';
import { expectedCostUsd, refOf } from './model-catalogue.ts';
import { profileTask } from './profile-task.ts';
import { renderReason } from './render-reason.ts';
import { gatherFacts, recordFacts } from './rules/facts.ts';

export type RouteRequest = RequestOf<typeof decideRoute>;

/** Who asks, as far as rules may look at it. */
export interface AskingCaller {
  readonly userId: string;
  readonly via?: string | undefined;
}

export interface RoutingWorld {
  readonly cards: readonly ModelCard[];
  /** In the order in which they are asked. */
  readonly rules: readonly RoutingRule[];
  readonly model: TaskModel;
  /** What tiers and agents stand for; the built-in tiers when not given. */
  readonly book?: NameBook;
  readonly policyVersion?: string;
  readonly caller?: AskingCaller;
  /** Hours and minutes of the router's clock. */
  readonly timeOfDay?: string;
  /** Counts microseconds, for the record of where the time went. */
  readonly nowUs?: () => number;
}

const builtInBook: NameBook = { tiers: tiersByName(defaultTiers), agents: undefined };

/**
 * Chooses the model for one message. Same question, same world, same answer; everything that was
 * looked at is in the record. Throws `no_model_available` when nothing can answer.
 */
export function chooseRoute(
  question: RouteRequest,
  world: RoutingWorld,
): Omit<RouteDecision, 'tookUs'> {
  const { book = builtInBook, nowUs = () => 0 } = world;
  const startedUs = nowUs();
  const profile = profileTask(question, world.model);
  const profiledUs = nowUs();
  const facts = factsOf(question, world, profile);
  const walk = walkRules(world.rules, facts, book);
  const walkedUs = nowUs();
  const { budgetLeftUsd } = question;
  const sifted = siftCandidates(
    wishesInOrder(question, world, walk),
    { cards: world.cards, book },
    { ...profile, budgetLeftUsd },
  );
  const stagesUs = {
    profile: Math.round(profiledUs - startedUs),
    rules: Math.round(walkedUs - profiledUs),
    candidates: Math.round(nowUs() - walkedUs),
  };
  return {
    ...recordOf({ question, world, profile, walk, sifted }),
    ...(world.nowUs === undefined ? {} : { stagesUs }),
  };
}

function factsOf(
  question: RouteRequest,
  { caller, timeOfDay }: RoutingWorld,
  profile: RouteDecision['profile'],
) {
  return gatherFacts({
    profile,
    text: question.text,
    agent: question.agent?.name,
    channel: question.channel ?? caller?.via?.replace(/^channel:/, ''),
    user: caller?.userId,
    costTier: question.costTier,
    budgetLeftUsd: question.budgetLeftUsd,
    timeOfDay: question.localTime ?? timeOfDay,
  });
}

/** Every model that may be asked, by descending authority; the rest only if those before can't. */
function wishesInOrder(question: RouteRequest, world: RoutingWorld, walk: Walk): Wish[] {
  const wish = (name: string | undefined, authority: Authority, rule: string): Wish[] =>
    name === undefined || name === 'auto' ? [] : [{ name, authority, rule }];
  const { previous } = question;
  const followsUp = previous !== undefined && isFollowUp(question.text);
  const local = world.cards.filter((card) => card.provider === 'ollama');
  return [
    ...wish(question.messageModel, 'message', 'message'),
    ...wish(question.pinnedModel, 'pinned', 'pinned'),
    ...wish(question.preferredModel, 'pinned', 'preference'),
    ...wish(question.agent?.model, 'agent', `agent ${question.agent?.name ?? ''}`),
    ...(followsUp ? wish(nameOf(previous), 'system-rule', 'follow-up') : []),
    ...wishesOfRule(walk),
    ...defaultChain.flatMap((name) => wish(name, 'default', 'default')),
    ...local.flatMap((card) => wish(nameOf(card), 'default', 'offline')),
  ];
}

function wishesOfRule({ byAgent, byModel }: Walk): Wish[] {
  if (byModel === undefined) return [];
  const { agent, fallbacks, model, tier } = byModel.then;
  const params = { ...byAgent?.then.params, ...byModel.then.params };
  const names = [
    ...(model === undefined ? [] : [model]),
    ...(tier === undefined ? [] : [`tier/${tier}`]),
    ...(agent === undefined ? [] : [`agent/${agent}`]),
    ...fallbacks,
  ];
  return names
    .filter((name) => name !== 'auto')
    .map((name) => ({
      name,
      authority: byModel.scope === 'user' ? 'user-rule' : 'system-rule',
      rule: byModel.name,
      params,
    }));
}

interface Chosen {
  readonly question: RouteRequest;
  readonly world: RoutingWorld;
  readonly profile: RouteDecision['profile'];
  readonly walk: Walk;
  readonly sifted: Sifted;
}

function recordOf({
  question,
  profile,
  sifted,
  walk,
  world,
}: Chosen): Omit<RouteDecision, 'tookUs'> {
  const [chosen, ...others] = sifted.usable;
  if (chosen === undefined) throw noModel(sifted.removed);
  const { byAgent, considered } = walk;
  const params = chosen.wish.params ?? byAgent?.then.params ?? {};
  const record = {
    ...refOf(chosen.card),
    modelName: chosen.card.name,
    rule: chosen.wish.rule,
    authority: chosen.wish.authority,
    profile,
    alternatives: others.slice(0, 5).map((other) => refOf(other.card)),
    skipped: sifted.removed
      .filter((one) => one.rank < chosen.rank)
      .map(({ rank: _rank, namedBy: _namedBy, ...one }) => one),
    considered,
    expectedCostUsd: expectedCostUsd(chosen.card, profile.promptTokens),
    policyVersion: `${world.policyVersion ?? builtInVersion}+${world.model.version}`,
    ...(byAgent?.then.agent === undefined
      ? {}
      : { agent: { name: byAgent.then.agent, rule: byAgent.name } }),
    ...(Object.keys(params).length === 0 ? {} : { params }),
    facts: recordFacts(walk.facts, {
      ...(byAgent === undefined ? {} : { agent: 'rule' }),
      ...(question.channel === undefined ? {} : { channel: 'message' }),
      ...(question.localTime === undefined ? {} : { timeOfDay: 'message' }),
    }),
    removed: sifted.removed.slice(0, 20).map(({ rank: _rank, ...one }) => one),
    ...nextBest(others[0], profile),
    ...(chosen.card.contextTokens === null ? {} : { contextTokens: chosen.card.contextTokens }),
    modelFile: world.model.version,
  };
  return { ...record, reason: renderReason(record) };
}

function nextBest(next: UsableCandidate | undefined, profile: RouteDecision['profile']) {
  if (next === undefined) return {};
  const { card } = next;
  const cost = expectedCostUsd(card, profile.promptTokens);
  return { nextBest: { ...refOf(card), expectedCostUsd: cost } };
}

function noModel(removed: readonly RemovedCandidate[]): MosaicError {
  const first = removed[0];
  const because = first === undefined ? '' : ` (${nameOf(first)}: ${first.why})`;
  const skipped = removed.slice(0, 20).map(({ rank: _rank, namedBy: _namedBy, ...one }) => one);
  return new MosaicError(
    'no_model_available',
    `No model can answer now${because}. Set a provider's key, for example ANTHROPIC_API_KEY, or start Ollama.`,
    { details: { skipped } },
  );
}
