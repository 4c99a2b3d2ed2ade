import { importConversation, toMosaicError, updateConversation } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { Router } from 'express';
import { settle } from '../../adapters/conversations/settle.ts';
import type { Access, Reply, Visit } from '../../adapters/http/visit.ts';
import type { ImportedConversation } from '../../app/import/imported-conversation.ts';
import { inPortions, readImport } from '../../app/import/read-import.ts';
import { assertRoomFor } from '../memory/storage.ts';

/** Each message is one append that the stream has on disk before it answers. */
const portionTimeoutMs = 60_000;

interface ImportRouteParts {
  readonly bus: Bus;
  readonly access: Access;
}

/** `POST /api/import`: conversations that were held elsewhere. */
export function importRoutes({ access, bus }: ImportRouteParts): Router {
  const router = Router();
  router.post(
    '/import',
    access.person((visit) => importAll(bus, visit)),
  );
  return router;
}

interface Outcome {
  readonly id: string;
  readonly title: string | null;
  readonly messages: number;
  /** Messages that were not there before; 0 when all had been imported. */
  readonly added: number;
}

async function importAll(bus: Bus, visit: Visit): Promise<Reply> {
  const { conversations, skipped: notRead } = readImport(visit.request.body);
  const imported: Outcome[] = [];
  const skipped = [...notRead];
  for (const conversation of conversations) {
    try {
      await assertRoomFor(bus, visit, conversation.conversationId);
      imported.push(await importOne(bus, visit, conversation));
    } catch (thrown) {
      const error = toMosaicError(thrown);
      // What is away for one conversation is away for all: whoever asks again goes on from here.
      if (error.isRetryable) throw error;
      skipped.push({ title: conversation.title, why: error.message });
    }
  }
  const added = imported.reduce((sum, one) => sum + one.added, 0);
  return { status: 200, body: { added, conversations: imported, skipped } };
}

async function importOne(
  bus: Bus,
  { caller, trace }: Visit,
  conversation: ImportedConversation,
): Promise<Outcome> {
  const { isArchived, messages, ...head } = conversation;
  const { conversationId: id, title } = head;
  const options = { caller, trace, timeoutMs: portionTimeoutMs };
  let added = 0;
  let minSeq = 0;
  for (const portion of inPortions(messages)) {
    const request = { ...head, messages: [...portion] };
    const reply = await bus.call(importConversation, request, options);
    added += reply.added;
    minSeq = reply.seq;
  }
  if (isArchived && added > 0) {
    const wish = { conversationId: id, isArchived };
    const { events } = await bus.call(updateConversation, wish, options);
    minSeq = events.at(-1)?.seq ?? minSeq;
  }
  await settle(bus, caller, { conversationId: id, minSeq });
  return { id, title, messages: messages.length, added };
}
