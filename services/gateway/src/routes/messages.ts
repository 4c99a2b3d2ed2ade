import {
  answerApproval,
  answerApprovalBody,
  callIdSchema,
  cancelTurn,
  idSchema,
  sendMessageBody,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { Router } from 'express';
import { z } from 'zod';
import type { Authenticator } from '../adapters/auth/authenticator.ts';
import { readHead, readWholeLog, tokensOf } from '../adapters/conversations/conversation-log.ts';
import type { Follow } from '../adapters/conversations/follow-conversation.ts';
import type { Sender } from '../adapters/conversations/send-message.ts';
import { settle } from '../adapters/conversations/settle.ts';
import { endWhenRevoked } from '../adapters/http/end-when-revoked.ts';
import { sendEvents } from '../adapters/http/send-events.ts';
import { type Access, ok, type Reply, type Visit } from '../adapters/http/visit.ts';
import { assertMessageFits } from '../app/assert-message-fits.ts';
import { foldLog, pageOfMessages } from '../app/conversation/rest-message.ts';
import { countIn, readId, readInput } from '../app/read-input.ts';

export interface MessageRouteParts {
  readonly bus: Bus;
  readonly access: Access;
  readonly sender: Sender;
  readonly follow: Follow;
  readonly authenticator: Authenticator;
}

const pageQuery = z.object({
  before: z.string().max(64).optional(),
  limit: countIn({ max: 500, fallback: 100 }),
});
const sendQuery = z.object({ wait: z.enum(['0', '1', 'true', 'false']).default('0') });
const cancelBody = z.strictObject({ run: idSchema.optional() });
const eventsQuery = z.object({ after: z.coerce.number().int().nonnegative().optional() });

/** `/api/conversations/:id/…`: what is said in a conversation. */
export function messageRoutes(parts: MessageRouteParts): Router {
  const { access, authenticator, bus, follow } = parts;
  const router = Router({ mergeParams: true });
  router.get(
    '/:id/messages',
    access.person(async ({ caller, request }) => {
      const id = readId(request.params['id']);
      const events = await readWholeLog(bus, caller, id);
      const page = readInput(pageQuery, request.query);
      return ok({ conversationId: id, ...pageOfMessages(foldLog(id, events), page) });
    }),
  );
  router.post(
    '/:id/messages',
    access.person((visit) => send(parts, visit)),
  );
  router.post(
    '/:id/cancel',
    access.person((visit) => cancel(parts, visit)),
  );
  router.post(
    '/:id/approvals/:callId',
    access.person((visit) => approve(parts, visit)),
  );
  router.get(
    '/:id/events',
    access.person(async (visit) => {
      const { caller, request, response } = visit;
      const conversationId = readId(request.params['id']);
      const query = readInput(eventsQuery, request.query);
      const after = query.after ?? Number.parseInt(request.get('last-event-id') ?? '0', 10);
      await readHead(bus, caller, conversationId);
      endWhenRevoked(visit, authenticator);
      await sendEvents(response, (show, signal) =>
        follow({ caller, conversationId, after: Number.isNaN(after) ? 0 : after, show, signal }),
      );
      return undefined;
    }),
  );
  return router;
}

async function send({ bus, sender }: MessageRouteParts, visit: Visit): Promise<Reply | undefined> {
  const { caller, request, response, trace } = visit;
  const conversationId = readId(request.params['id']);
  // A foreign conversation is looked at first, so that nothing about the body tells it from none.
  await readHead(bus, caller, conversationId);
  const { wait } = readInput(sendQuery, request.query);
  assertMessageFits(request.body);
  const body = readInput(sendMessageBody, request.body);
  const sent = await sender.send(caller, { conversationId, ...body }, trace);
  const { messageId } = sent;
  const ids = { conversationId, messageId };
  if (wait === '0' || wait === 'false') return { status: 202, body: ids };
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const { message, seq } = await sender.waitForAnswer(caller, sent, gone.signal);
  if (gone.signal.aborted) return undefined;
  // So that what is asked of memory next, a search or the list, knows this answer.
  await settle(bus, caller, { conversationId, minSeq: seq });
  return ok({ ...ids, message });
}

async function cancel({ bus }: MessageRouteParts, visit: Visit): Promise<Reply> {
  const { caller, request, trace } = visit;
  const conversationId = readId(request.params['id']);
  await readHead(bus, caller, conversationId);
  const { run } = readInput(cancelBody, request.body);
  const fact = { conversationId, ...(run === undefined ? {} : { run }) };
  await bus.publish(cancelTurn, fact, { tokens: tokensOf(caller, conversationId), caller, trace });
  return { status: 202, body: fact };
}

async function approve({ bus }: MessageRouteParts, visit: Visit): Promise<Reply> {
  const { caller, request, trace } = visit;
  const conversationId = readId(request.params['id']);
  await readHead(bus, caller, conversationId);
  const callId = readInput(callIdSchema, request.params['callId']);
  const { answer } = readInput(answerApprovalBody, request.body);
  return ok(await bus.call(answerApproval, { conversationId, callId, answer }, { caller, trace }));
}
