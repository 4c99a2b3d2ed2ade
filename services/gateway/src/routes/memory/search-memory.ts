import { readEmbeddingStatus, searchPassages } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { Router } from 'express';
import { z } from 'zod';
import { type Access, ok } from '../../adapters/http/visit.ts';
import { countIn, readInput } from '../../app/read-input.ts';

const searchQuery = z.object({
  q: z.string().trim().min(1).max(8_000),
  limit: countIn({ max: 100, fallback: 10 }),
  tokens: countIn({ max: 100_000, fallback: 20_000 }),
  conversation: z.string().max(64).optional(),
});

/** `/api/memory/search` and `/api/memory/embeddings`: finding again, and how well that works now. */
export function searchMemoryRoutes({
  access,
  bus,
}: {
  readonly access: Access;
  readonly bus: Bus;
}): Router {
  const router = Router();
  router.get(
    '/search',
    access.person(async ({ caller, request, trace }) => {
      const { q, limit, tokens, conversation } = readInput(searchQuery, request.query);
      const scope = conversation === undefined ? {} : { conversationId: conversation };
      const query = { text: q, limit, tokenBudget: tokens, ...scope };
      return ok(await bus.call(searchPassages, query, { caller, trace }));
    }),
  );
  router.get(
    '/embeddings',
    access.person(async ({ caller, trace }) =>
      ok(await bus.call(readEmbeddingStatus, {}, { caller, trace })),
    ),
  );
  return router;
}
