import {
  type ApprovalAnswer,
  type ConversationSummary,
  type createConversationBody,
  listConversations,
  makeId,
  searchConversations,
  type updateConversationBody,
} from '@mosaic/proto';
import type { z } from 'zod';
import { anyReply, request, requestText } from './request.ts';

const path = (id: string): string => `/api/conversations/${encodeURIComponent(id)}`;

/** The caller's conversations, pinned ones first, then last used first; or those put away. */
export async function fetchConversations(
  archived: 'without' | 'only' = 'without',
): Promise<readonly ConversationSummary[]> {
  const url = `/api/conversations?limit=200&archived=${archived}`;
  const reply = await request(url, { reply: listConversations.reply });
  return reply.conversations;
}

export type SearchHit = z.infer<typeof searchConversations.reply>['hits'][number];

export async function findInConversations(
  query: string,
  signal: AbortSignal,
): Promise<readonly SearchHit[]> {
  const url = `/api/conversations/search?q=${encodeURIComponent(query)}`;
  const reply = await request(url, { reply: searchConversations.reply, signal });
  return reply.hits;
}

/** Opens a conversation; the same id twice does nothing. */
export async function createConversation(
  body: z.infer<typeof createConversationBody>,
): Promise<void> {
  await request('/api/conversations', { method: 'POST', body, reply: anyReply });
}

/** Renames, switches the agent, or pins the model (`null`: back to automatic). */
export async function updateConversation(
  id: string,
  body: z.infer<typeof updateConversationBody>,
): Promise<void> {
  await request(path(id), { method: 'PATCH', body, reply: anyReply });
}

/** Opens a copy; resolves with its id. */
export async function forkConversation(id: string): Promise<string> {
  const body = { id: makeId() };
  await request(`${path(id)}/fork`, { method: 'POST', body, reply: anyReply });
  return body.id;
}

/** The file as the gateway writes it. */
export function exportFile(id: string, format: 'json' | 'markdown'): Promise<string> {
  return requestText(`${path(id)}/export?format=${format}`, {});
}

/** Answers a tool call that waits; the first answer of any client counts. */
export async function answerApproval(
  id: string,
  { callId, answer }: { readonly callId: string; readonly answer: ApprovalAnswer },
): Promise<void> {
  const url = `${path(id)}/approvals/${encodeURIComponent(callId)}`;
  await request(url, { method: 'POST', body: { answer }, reply: anyReply });
}

export async function deleteConversation(id: string): Promise<void> {
  await request(path(id), { method: 'DELETE', reply: anyReply });
}
