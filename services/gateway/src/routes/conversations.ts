import {
  createConversation,
  createConversationBody,
  deleteConversation,
  forkConversation,
  forkConversationBody,
  getConversation,
  listConversations,
  makeId,
  searchConversations,
  updateConversation,
  updateConversationBody,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { Router } from 'express';
import { z } from 'zod';
import type { Catalogue } from '../adapters/catalogue.ts';
import { readHead, readWholeLog } from '../adapters/conversations/conversation-log.ts';
import { settle } from '../adapters/conversations/settle.ts';
import { type Access, ok, type Reply, type Visit } from '../adapters/http/visit.ts';
import { conversationMetrics } from '../app/conversation/conversation-metrics.ts';
import { exportMarkdown } from '../app/conversation/export-markdown.ts';
import { foldLog, toRestMessage } from '../app/conversation/rest-message.ts';
import { summarizeLog } from '../app/conversation/summarize-log.ts';
import { countIn, readId, readInput } from '../app/read-input.ts';
import { assertRoomFor } from './memory/storage.ts';

export interface ConversationRouteParts {
  readonly bus: Bus;
  readonly access: Access;
  readonly catalogue: Catalogue;
}

/** What only memory knows, such as the tier, is missing in an answer from the log. */
const detailsMs = 3_000;

const listQuery = z.object({
  limit: countIn({ max: 200, fallback: 50 }),
  cursor: z.string().max(200).optional(),
  archived: listConversations.request.shape.archived,
  tag: listConversations.request.shape.tag,
});
const searchQuery = z.object({
  q: z.string().trim().min(1).max(1_000),
  limit: countIn({ max: 200, fallback: 50 }),
});

/** `/api/conversations`: opening, finding, changing and removing conversations. */
export function conversationRoutes(parts: ConversationRouteParts): Router {
  const { access, bus } = parts;
  const router = Router();
  router.get(
    '/',
    access.person(async ({ caller, request, trace }) => {
      const query = readInput(listQuery, request.query);
      return ok(await bus.call(listConversations, query, { caller, trace }));
    }),
  );
  router.get(
    '/search',
    access.person(async ({ caller, request, trace }) => {
      const { q, limit } = readInput(searchQuery, request.query);
      return ok(await bus.call(searchConversations, { query: q, limit }, { caller, trace }));
    }),
  );
  router.post(
    '/',
    access.person((visit) => create(parts, visit)),
  );
  router.get(
    '/:id',
    access.person((visit) => show(parts, visit)),
  );
  router.patch(
    '/:id',
    access.person((visit) => change(parts, visit)),
  );
  router.delete(
    '/:id',
    access.person((visit) => remove(parts, visit)),
  );
  router.post(
    '/:id/fork',
    access.person((visit) => fork(parts, visit)),
  );
  router.get(
    '/:id/metrics',
    access.person(async ({ caller, request }) => {
      const id = readId(request.params['id']);
      return ok(conversationMetrics(id, await readWholeLog(bus, caller, id)));
    }),
  );
  router.get(
    '/:id/export',
    access.person((visit) => exportWhole(parts, visit)),
  );
  return router;
}

const unpinned = (model: string | null | undefined) => (model === 'auto' ? null : model);

async function create({ bus, catalogue }: ConversationRouteParts, visit: Visit): Promise<Reply> {
  const { caller, request, trace } = visit;
  const wished = readInput(createConversationBody, request.body);
  const { agent, id, isIncognito, model: named, title } = wished;
  const model = unpinned(named) ?? null;
  await catalogue.assertKnown(caller, { agent, model });
  await assertRoomFor(bus, visit, id);
  const conversationId = id ?? makeId();
  const wish = {
    conversationId,
    title: title ?? null,
    model,
    ...(agent === undefined ? {} : { agent }),
    ...(isIncognito === undefined ? {} : { isIncognito }),
  };
  const { event } = await bus.call(createConversation, wish, { caller, trace });
  await settle(bus, caller, { conversationId, minSeq: event.seq });
  // One that was there before may have more behind its first event; of a new one that is all.
  const { seq } = await readHead(bus, caller, conversationId);
  const events = seq === event.seq ? [event] : await readWholeLog(bus, caller, conversationId);
  return { status: 201, body: summarizeLog(conversationId, events) };
}

async function show({ bus }: ConversationRouteParts, visit: Visit): Promise<Reply> {
  const { caller, trace } = visit;
  const conversationId = readId(visit.request.params['id']);
  const head = await readHead(bus, caller, conversationId);
  try {
    const request = { conversationId, minSeq: head.seq };
    const options = { caller, trace, timeoutMs: detailsMs };
    return ok((await bus.call(getConversation, request, options)).conversation);
  } catch {
    // Memory is away or behind; the log knows everything.
    return ok(summarizeLog(conversationId, await readWholeLog(bus, caller, conversationId)));
  }
}

async function change({ bus, catalogue }: ConversationRouteParts, visit: Visit): Promise<Reply> {
  const { caller, request, trace } = visit;
  const conversationId = readId(request.params['id']);
  await readHead(bus, caller, conversationId);
  const wished = readInput(updateConversationBody, request.body);
  const { agent, model: named, title, ...others } = wished;
  const model = unpinned(named);
  await catalogue.assertKnown(caller, { agent, model });
  const wish = {
    conversationId,
    ...(title === undefined ? {} : { title }),
    ...(agent === undefined ? {} : { agent }),
    ...(model === undefined ? {} : { model }),
    ...others,
  };
  await bus.call(updateConversation, wish, { caller, trace });
  const events = await readWholeLog(bus, caller, conversationId);
  const summary = summarizeLog(conversationId, events);
  await settle(bus, caller, { conversationId, minSeq: summary.seq });
  return ok(summary);
}

async function remove({ bus }: ConversationRouteParts, visit: Visit): Promise<Reply> {
  const { caller, trace } = visit;
  const conversationId = readId(visit.request.params['id']);
  const head = await readHead(bus, caller, conversationId);
  await bus.call(deleteConversation, { conversationId }, { caller, trace });
  await settle(bus, caller, { conversationId, minSeq: head.seq + 1 });
  return { status: 204 };
}

/** A fork appends each of its events, and each is on disk before the next. */
const forkTimeoutMs = 60_000;

async function fork({ bus }: ConversationRouteParts, visit: Visit): Promise<Reply> {
  const { caller, request, trace } = visit;
  const original = readId(request.params['id']);
  await readHead(bus, caller, original);
  const { id, upTo } = readInput(forkConversationBody, request.body);
  await assertRoomFor(bus, visit, id);
  const forkId = id ?? makeId();
  const wish = { conversationId: original, forkId, ...(upTo === undefined ? {} : { upTo }) };
  const options = { caller, trace, timeoutMs: forkTimeoutMs };
  const { seq } = await bus.call(forkConversation, wish, options);
  await settle(bus, caller, { conversationId: forkId, minSeq: seq });
  const events = await readWholeLog(bus, caller, forkId);
  return { status: 201, body: summarizeLog(forkId, events) };
}

const exportQuery = z.object({ format: z.enum(['json', 'markdown']).default('json') });

async function exportWhole(
  { bus }: ConversationRouteParts,
  visit: Visit,
): Promise<Reply | undefined> {
  const { caller, request, response } = visit;
  const id = readId(request.params['id']);
  const events = await readWholeLog(bus, caller, id);
  const { format } = readInput(exportQuery, request.query);
  const view = foldLog(id, events);
  if (format === 'json') {
    const conversation = summarizeLog(id, events);
    return ok({ conversation, messages: view.messages.map(toRestMessage), events });
  }
  response.type('text/markdown; charset=utf-8').send(exportMarkdown(view));
  return undefined;
}
