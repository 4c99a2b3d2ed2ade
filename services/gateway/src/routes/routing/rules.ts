import {
  createRule,
  deleteRule,
  getEffectiveRules,
  getRuleHistory,
  lintRules,
  listRules,
  reorderRules,
  ruleDraftSchema,
  updateRule,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { Router } from 'express';
import { z } from 'zod';
import { type Access, ok, type Reply, type Visit } from '../../adapters/http/visit.ts';
import { readId, readInput } from '../../app/read-input.ts';
import { seenVersion, tellVersion } from './seen-version.ts';

const reorderBody = z.strictObject(reorderRules.request.shape);
const lintBody = z.strictObject(lintRules.request.shape);

/** `/api/routing/rules`: one's own rules, and the system's for administrators. */
export function ruleRoutes({
  access,
  bus,
}: {
  readonly access: Access;
  readonly bus: Bus;
}): Router {
  const router = Router();
  const calls = { '/': listRules, '/effective': getEffectiveRules };
  for (const [path, contract] of Object.entries(calls)) {
    router.get(
      path,
      access.person(async ({ caller, trace }) =>
        ok(await bus.call(contract, {}, { caller, trace })),
      ),
    );
  }
  router.post(
    '/reorder',
    access.person(async ({ caller, request, trace }) => {
      const wish = readInput(reorderBody, request.body);
      return ok(await bus.call(reorderRules, wish, { caller, trace }));
    }),
  );
  router.post(
    '/lint',
    access.person(async ({ caller, request, trace }) => {
      const wish = readInput(lintBody, request.body);
      return ok(await bus.call(lintRules, wish, { caller, trace }));
    }),
  );
  oneRule(router, { access, bus });
  return router;
}

function oneRule(router: Router, { access, bus }: { readonly access: Access; readonly bus: Bus }) {
  router.post(
    '/',
    access.person((visit) => create(bus, visit)),
  );
  router.patch(
    '/:id',
    access.person((visit) => update(bus, visit)),
  );
  router.delete(
    '/:id',
    access.person(async ({ caller, request, trace }) => {
      const seen = seenVersion(request);
      await bus.call(deleteRule, { id: idOf(request), ...seen }, { caller, trace });
      return { status: 204 };
    }),
  );
  router.get(
    '/:id/history',
    access.person(async ({ caller, request, trace }) =>
      ok(await bus.call(getRuleHistory, { id: idOf(request) }, { caller, trace })),
    ),
  );
}

async function create(bus: Bus, { caller, request, response, trace }: Visit): Promise<Reply> {
  const rule = readInput(ruleDraftSchema, request.body);
  const saved = await bus.call(createRule, { rule }, { caller, trace });
  tellVersion(response, saved.rule.version);
  return { status: 201, body: { ...saved.rule, findings: saved.findings } };
}

async function update(bus: Bus, { caller, request, response, trace }: Visit): Promise<Reply> {
  const { version: inBody, ...changes } = readInput(ruleDraftSchema, request.body);
  const seen = seenVersion(request, inBody);
  const wish = { id: idOf(request), changes, ...seen };
  const saved = await bus.call(updateRule, wish, { caller, trace });
  tellVersion(response, saved.rule.version);
  return ok({ ...saved.rule, findings: saved.findings });
}

const idOf = (request: Visit['request']) => readId(request.params['id']);
