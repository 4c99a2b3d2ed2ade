import {
  decideRoute,
  explainBody,
  getAgent,
  replayRules,
  replayTurn,
  replayTurnBody,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { Router } from 'express';
import { z } from 'zod';
import type { Catalogue } from '../../adapters/catalogue.ts';
import { type Access, ok, type Reply, type Visit } from '../../adapters/http/visit.ts';
import { readInput } from '../../app/read-input.ts';
import { routeQuestion } from '../../app/route-question.ts';
import { learningRoutes } from './learning.ts';
import { ruleRoutes } from './rules.ts';
import { tierRoutes } from './tiers.ts';

export interface RoutingRouteParts {
  readonly bus: Bus;
  readonly access: Access;
  readonly catalogue: Catalogue;
}

/** Reading and routing hundreds of messages again takes longer than a question usually may. */
const replayTimeoutMs = 60_000;
const replayBody = z.strictObject(replayRules.request.shape);

/** `/api/routing`: what would happen to a text and why, and the rules that say so. */
export function routingRoutes(parts: RoutingRouteParts): Router {
  const { access, bus } = parts;
  const router = Router();
  router.use('/rules', ruleRoutes(parts));
  router.use('/tiers', tierRoutes(parts));
  router.use(learningRoutes(parts));
  router.post(
    '/explain',
    access.person((visit) => explain(parts, visit)),
  );
  router.post(
    '/replay',
    access.person(async ({ caller, request, trace }) => {
      const wish = readInput(replayBody, request.body);
      return ok(await bus.call(replayRules, wish, { caller, trace, timeoutMs: replayTimeoutMs }));
    }),
  );
  router.post(
    '/replay-turn',
    access.person(async ({ caller, request, trace }) => {
      const wish = readInput(replayTurnBody, request.body);
      return ok(await bus.call(replayTurn, wish, { caller, trace }));
    }),
  );
  return router;
}

async function explain({ bus, catalogue }: RoutingRouteParts, visit: Visit): Promise<Reply> {
  const { caller, request, trace } = visit;
  const { agent: agentName, judge, model, text, ...told } = readInput(explainBody, request.body);
  await catalogue.assertKnown(caller, { agent: agentName, model: model === 'auto' ? null : model });
  const found =
    agentName === undefined
      ? undefined
      : (await bus.call(getAgent, { name: agentName }, { caller, trace })).agent;
  const question = routeQuestion({
    text,
    model,
    agent: found,
    facts: { ...told, mayAskJudge: judge },
  });
  const { decision } = await bus.call(decideRoute, question, { caller, trace });
  const { provider, profile, reason, rule, alternatives } = decision;
  const { complexity, confidence, task } = profile;
  return ok({
    provider,
    model: decision.model,
    rule,
    reason,
    task,
    complexity,
    confidence,
    alternatives,
    decision,
  });
}
