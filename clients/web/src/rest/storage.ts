import {
  type ReplyOf,
  restoreConversation,
  type StorageReport,
  storageReportSchema,
} from '@mosaic/proto';
import { request } from './request.ts';

/** How much is stored of the person who looks, in which form, and what moves next. */
export function fetchStorage(): Promise<StorageReport> {
  return request('/api/storage', { reply: storageReportSchema });
}

/** Brings a compressed conversation back; of one that is not compressed nothing changes. */
export function bringBack(conversationId: string): Promise<ReplyOf<typeof restoreConversation>> {
  const path = `/api/conversations/${encodeURIComponent(conversationId)}/restore`;
  return request(path, { method: 'POST', body: {}, reply: restoreConversation.reply });
}
