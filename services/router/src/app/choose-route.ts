import type { Exemplar, JudgeWord, Need, RouteDecision, RoutingRule } from '@mosaic/proto';
import type { AskingCaller, Deciding, RouteRequest } from './choice/deciding.ts';
import { type NameBook, tiersByName } from './choice/expand-name.ts';
import { budgetLeft, factsOf } from './choice/facts-of.ts';
import { cachedTokensOf } from './choice/kept-cache.ts';
import { makeRecord } from './choice/make-record.ts';
import { siftCandidates } from './choice/sift-candidates.ts';
import { type Walk, walkRules } from './choice/walk-rules.ts';
import { wishesInOrder } from './choice/wishes.ts';
import type { TaskModel } from './classify/task-model.ts';
import { builtInVersion, defaultTiers } from './default-rules.ts';
import { isFollowUp } from './follow-up.ts';
import { takeJudgement } from './judge/take-judgement.ts';
import { nearExemplar, taughtBy } from './learning/near-exemplar.ts';
import { profileTask } from './profile-task.ts';

export type { AskingCaller, RouteRequest } from './choice/deciding.ts';

export interface RoutingWorld extends Partial<Omit<Deciding['world'], 'cards' | 'rules'>> {
  readonly cards: Deciding['world']['cards'];
  /** In the order in which they are asked. */
  readonly rules: readonly RoutingRule[];
  readonly model: TaskModel;
  readonly caller?: AskingCaller | undefined;
  /** Messages that stand for a task, one's own first. */
  readonly exemplars?: readonly Exemplar[];
}

const builtInBook: NameBook = { tiers: tiersByName(defaultTiers), agents: undefined };

/** A decision as far as the words are profiled; who is not sure may ask before it goes on. */
export interface StartedRoute {
  readonly deciding: Deciding;
  readonly profileUs: number;
}

/**
 * Chooses the model for one message. Same question, same world, same answer; everything that was
 * looked at is in the record. Throws `no_model_available` when nothing can answer.
 */
export function chooseRoute(
  question: RouteRequest,
  world: RoutingWorld,
): Omit<RouteDecision, 'tookUs'> {
  return finishRoute(startRoute(question, world), undefined);
}

/** Says what the message is: by the classifier, or by an exemplar that it is like. */
export function startRoute(question: RouteRequest, world: RoutingWorld): StartedRoute {
  const { book = builtInBook, model, nowUs = () => 0, policyVersion = builtInVersion } = world;
  const startedUs = nowUs();
  const near = nearExemplar(question.text, world.exemplars ?? [], model.words);
  const judged = profileTask(question, model);
  const profile = near === undefined ? judged : taughtBy(judged, near);
  const profileUs = Math.round(nowUs() - startedUs);
  const followsUp = profile.inherits !== undefined || isFollowUp(question.text);
  const choosing = { ...world, book, policyVersion };
  const deciding = { question, profile, near, judge: undefined, followsUp, world: choosing };
  return { deciding: { ...deciding, modelVersion: model.version }, profileUs };
}

/** Goes on from the profile, and from what a judge said of it. Throws `no_model_available`. */
export function finishRoute(
  { deciding, profileUs }: StartedRoute,
  judge: JudgeWord | undefined,
): Omit<RouteDecision, 'tookUs'> {
  const { nowUs } = deciding.world;
  const startedUs = nowUs?.() ?? 0;
  const profile = takeJudgement(deciding.profile, judge);
  const { record, walkedUs } = decide({ ...deciding, profile, judge });
  if (nowUs === undefined) return record;
  const stagesUs = {
    profile: profileUs,
    rules: Math.round(walkedUs - startedUs),
    candidates: Math.round(nowUs() - walkedUs),
  };
  return { ...record, stagesUs };
}

/** What comes after the profile: rules, candidates, record. The replay of a record begins here. */
export function decide(deciding: Deciding): {
  readonly record: Omit<RouteDecision, 'tookUs'>;
  readonly walkedUs: number;
} {
  const { profile, question, world } = deciding;
  const walk = walkRules(world.rules, factsOf(deciding), world.book);
  const walkedUs = world.nowUs?.() ?? 0;
  const { outputTokens } = question;
  const sifted = siftCandidates(wishesInOrder(deciding, walk), world, {
    needs: question.bringsTools === true ? profile.needs : needsOf(profile.needs, walk, world.book),
    promptTokens: profile.promptTokens,
    outputTokens: outputTokens ?? walk.byModel?.then.params?.maxOutputTokens,
    budgetLeftUsd: budgetLeft(deciding),
    localOnlyBy: walk.localOnlyBy,
    cachedTokens: (card) => cachedTokensOf(card, question),
  });
  return { record: makeRecord({ deciding, walk, sifted }), walkedUs };
}

/** An agent that a rule chose uses tools or does not, whatever the one that was asked for does. */
function needsOf(needs: readonly Need[], { byAgent }: Walk, { agents }: NameBook): readonly Need[] {
  const chosen = agents?.find(({ name }) => name === byAgent?.then.agent);
  if (chosen?.usesTools === undefined) return needs;
  const others = needs.filter((need) => need !== 'tools');
  return chosen.usesTools ? ['tools', ...others] : others;
}
