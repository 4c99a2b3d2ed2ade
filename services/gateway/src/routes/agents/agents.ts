import {
  type Agent,
  agentChangesSchema,
  agentDraftSchema,
  changeAgent,
  createAgent,
  getAgent,
  listAgents,
  MosaicError,
  removeAgent,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { Router } from 'express';
import { z } from 'zod';
import { assertModelOrTier, type Catalogue } from '../../adapters/catalogue.ts';
import { type Access, ok, type Reply, type Visit } from '../../adapters/http/visit.ts';
import { readInput } from '../../app/read-input.ts';
import { seenVersion, tellVersion } from '../routing/seen-version.ts';

export interface AgentRouteParts {
  readonly bus: Bus;
  readonly access: Access;
  readonly catalogue: Catalogue;
}

const changesBody = agentChangesSchema.extend({ version: z.number().optional() });

/** `/api/agents`: those that come with Mosaic, and a person's own. The name is the id. */
export function agentRoutes(parts: AgentRouteParts): Router {
  const { access, bus } = parts;
  const router = Router();
  router.get(
    '/',
    access.person(async ({ caller, trace }) => {
      const { agents } = await bus.call(listAgents, {}, { caller, trace });
      return ok({ agents: agents.map(withId) });
    }),
  );
  router.post(
    '/',
    access.person((visit) => create(parts, visit)),
  );
  router.get(
    '/:name',
    access.person(async ({ caller, request, trace }) => {
      const name = nameIn(request);
      const ask = () => bus.call(getAgent, { name }, { caller, trace });
      return ok(shown(await agentOrNotFound(ask)));
    }),
  );
  router.patch(
    '/:name',
    access.person((visit) => change(parts, visit)),
  );
  router.delete(
    '/:name',
    access.person(async ({ caller, request, trace }) => {
      const wish = { name: nameIn(request), ...seenVersion(request) };
      await bus.call(removeAgent, wish, { caller, trace });
      return { status: 204 };
    }),
  );
  return router;
}

async function create(parts: AgentRouteParts, visit: Visit): Promise<Reply> {
  const { bus } = parts;
  const { caller, request, response, trace } = visit;
  const agent = readInput(agentDraftSchema, request.body);
  await assertModelOrTier(parts, caller, agent.model);
  const saved = await bus.call(createAgent, { agent }, { caller, trace });
  tellVersion(response, saved.agent.version ?? 1);
  return { status: 201, body: shown(saved) };
}

async function change(parts: AgentRouteParts, visit: Visit): Promise<Reply> {
  const { bus } = parts;
  const { caller, request, response, trace } = visit;
  const { version: inBody, ...changes } = readInput(changesBody, request.body);
  await assertModelOrTier(parts, caller, changes.model);
  const wish = { name: nameIn(request), changes, ...seenVersion(request, inBody) };
  const saved = await bus.call(changeAgent, wish, { caller, trace });
  tellVersion(response, saved.agent.version ?? 1);
  return ok(shown(saved));
}

const withId = (agent: Agent) => ({ id: agent.name, ...agent });
const shown = ({ agent }: { readonly agent: Agent }) => ({ agent: withId(agent) });

const nameIn = (request: Visit['request']) => String(request.params['name']).slice(0, 64);

/** An address names a thing; that there is no such agent is a 404 there, and a 400 in a body. */
async function agentOrNotFound<Value>(ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (thrown) {
    const isUnknown = thrown instanceof MosaicError && thrown.code === 'unknown_agent';
    throw isUnknown ? new MosaicError('not_found', thrown.message) : thrown;
  }
}
