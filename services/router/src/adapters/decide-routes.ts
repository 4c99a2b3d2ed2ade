import { decideRoute, MosaicError, type RouteDecision } from '@mosaic/proto';
import type { Bus, Clock, Received } from '@mosaic/service-kit';
import { timeOfDayIn } from '../app/choice/time-of-day.ts';
import {
  finishRoute,
  type RouteRequest,
  type RoutingWorld,
  startRoute,
} from '../app/choose-route.ts';
import type { TaskModel } from '../app/classify/task-model.ts';
import type { Policy } from '../app/rules/policy.ts';
import type { BudgetWatch } from './budget-watch.ts';
import type { CatalogueWatch } from './catalogue-watch.ts';
import type { makeJudge } from './judge/ask-judge.ts';
import type { LatencyWatch } from './latency-watch.ts';
import type { RuleServing } from './rules/rule-serving.ts';

export const nowUs = () => performance.now() * 1_000;

export interface RouteDeciderParts extends Pick<RuleServing, 'agents' | 'rules'> {
  readonly catalogue: Pick<CatalogueWatch, 'cardsFor' | 'isKnown'>;
  readonly budgets: Pick<BudgetWatch, 'leftUsd'>;
  readonly clock: Clock;
  readonly judge: ReturnType<typeof makeJudge>;
  readonly latencies: Pick<LatencyWatch, 'of'>;
  readonly model: TaskModel;
}

/** Answers which model should answer, as soon as it is known which there are. */
export function serveDecisions(bus: Bus, parts: RouteDeciderParts): void {
  const decide = makeRouteDecider(parts);
  bus.handle(decideRoute, async (question, received) => {
    // Nobody offering a model is an answer; not having asked yet is none, and passes.
    if (!parts.catalogue.isKnown) {
      throw new MosaicError('service_unavailable', 'The list of models is not known yet.');
    }
    const decision = await decide(question, received);
    return { decision: question.isBrief === true ? briefOf(decision) : decision };
  });
}

/** What somebody needs who acts on a decision and neither shows nor keeps it. */
function briefOf(decision: RouteDecision): RouteDecision {
  const { facts: _facts, inputs: _inputs, stagesUs: _stagesUs, ...brief } = decision;
  return { ...brief, considered: [] };
}

/**
 * Decides by what is at hand: nothing is asked over a wire but, at a person's first question, for
 * their rules, agents and budget, and a judge where somebody wants one. Throws `no_model_available`.
 */
function makeRouteDecider(parts: RouteDeciderParts) {
  const { agents, budgets, catalogue, clock, judge, latencies, model, rules } = parts;
  return async (question: RouteRequest, received: Received): Promise<RouteDecision> => {
    const { caller } = received;
    const startedUs = nowUs();
    const policy = await rules.book.policyFor(caller);
    const world: RoutingWorld = {
      ...worldOf(policy, policy.needsAgents ? await agents.agentsOf(caller) : undefined),
      cards: await catalogue.cardsFor(caller),
      model,
      caller,
      timeOfDay: timeOfDayIn(question.timeZone, clock.now()),
      budgetLeftUsd: await budgets.leftUsd(caller),
      latencyOf: latencies.of,
      nowUs,
    };
    const started = startRoute(question, world);
    const decision = finishRoute(started, await judge(started.deciding, received));
    return { ...decision, tookUs: Math.round(nowUs() - startedUs) };
  };
}

/** What a policy gives to the world of a decision. */
export function worldOf(
  { exemplars, rules, tiersByName, version }: Policy,
  agents: Awaited<ReturnType<RuleServing['agents']['agentsOf']>>,
) {
  return { rules, exemplars, book: { tiers: tiersByName, agents }, policyVersion: version };
}
