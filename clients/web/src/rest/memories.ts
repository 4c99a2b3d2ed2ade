import {
  listMemories,
  type Memory,
  type MemoryKind,
  memorySchema,
  pausedKey,
  type ReplyOf,
  savedMemoryReply,
} from '@mosaic/proto';
import type { z } from 'zod';
import { anyReply, request } from './request.ts';

const path = (id: string): string => `/api/memory/${encodeURIComponent(id)}`;

/** The newest 200, and whether memory is paused. */
export function fetchMemories(): Promise<ReplyOf<typeof listMemories>> {
  return request('/api/memory?limit=200', { reply: listMemories.reply });
}

export function saveMemory(text: string): Promise<z.infer<typeof savedMemoryReply>> {
  return request('/api/memory', { method: 'POST', body: { text }, reply: savedMemoryReply });
}

/** Corrects a memory; how it was before is kept as superseded. */
export function changeMemory(
  id: string,
  body: { readonly text: string; readonly kind: MemoryKind },
): Promise<Memory> {
  return request(path(id), { method: 'PATCH', body, reply: memorySchema });
}

export async function removeMemory(id: string): Promise<void> {
  await request(path(id), { method: 'DELETE', reply: anyReply });
}

/** While memory is paused nothing new is remembered, and nothing remembered is used. */
export async function pauseMemory(isPaused: boolean): Promise<void> {
  const body = { value: isPaused };
  await request(`/api/preferences/${pausedKey}`, { method: 'PUT', body, reply: anyReply });
}
