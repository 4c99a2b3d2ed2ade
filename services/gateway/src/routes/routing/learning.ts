import {
  acceptSuggestion,
  deleteExemplar,
  dismissSuggestion,
  giveFeedback,
  listExemplars,
  listFeedback,
  listSuggestions,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { Router } from 'express';
import { z } from 'zod';
import { type Access, ok, type Visit } from '../../adapters/http/visit.ts';
import { countIn, readId, readInput } from '../../app/read-input.ts';

const feedbackBody = z.strictObject(giveFeedback.request.shape);
const feedbackQuery = z.object({ limit: countIn({ max: 500, fallback: 200 }) });
const acceptBody = z.strictObject({ scope: acceptSuggestion.request.shape.scope });

interface LearningRouteParts {
  readonly access: Access;
  readonly bus: Bus;
}

/** What people say about the routes of their messages, and what is offered to be learned from it. */
export function learningRoutes({ access, bus }: LearningRouteParts): Router {
  const router = Router();
  router.post(
    '/feedback',
    access.person(async ({ caller, request, trace }) => {
      const given = readInput(feedbackBody, request.body);
      return { status: 201, body: await bus.call(giveFeedback, given, { caller, trace }) };
    }),
  );
  router.get(
    '/feedback',
    access.person(async ({ caller, request, trace }) => {
      const wish = readInput(feedbackQuery, request.query);
      return ok(await bus.call(listFeedback, wish, { caller, trace }));
    }),
  );
  suggestionRoutes(router, { access, bus });
  router.get(
    '/exemplars',
    access.person(async ({ caller, trace }) =>
      ok(await bus.call(listExemplars, {}, { caller, trace })),
    ),
  );
  router.delete(
    '/exemplars/:id',
    access.person(async ({ caller, request, trace }) => {
      await bus.call(deleteExemplar, { id: idOf(request) }, { caller, trace });
      return { status: 204 };
    }),
  );
  return router;
}

function suggestionRoutes(router: Router, { access, bus }: LearningRouteParts): void {
  router.get(
    '/suggestions',
    access.person(async ({ caller, trace }) =>
      ok(await bus.call(listSuggestions, {}, { caller, trace })),
    ),
  );
  router.post(
    '/suggestions/:id/accept',
    access.person(async ({ caller, request, trace }) => {
      const { scope } = readInput(acceptBody, request.body ?? {});
      const wish = { id: idOf(request), scope };
      return { status: 201, body: await bus.call(acceptSuggestion, wish, { caller, trace }) };
    }),
  );
  router.post(
    '/suggestions/:id/dismiss',
    access.person(async ({ caller, request, trace }) => {
      await bus.call(dismissSuggestion, { id: idOf(request) }, { caller, trace });
      return { status: 204 };
    }),
  );
}

const idOf = (request: Visit['request']) => readId(request.params['id']);
