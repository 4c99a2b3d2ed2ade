import { type ReplyOf, searchPassages } from '@mosaic/proto';
import { request } from './request.ts';

export type SearchReply = ReplyOf<typeof searchPassages>;

/** One's own messages and memories that answer a text best. */
export function searchEverything(words: string, signal: AbortSignal): Promise<SearchReply> {
  const path = `/api/memory/search?limit=30&q=${encodeURIComponent(words)}`;
  return request(path, { reply: searchPassages.reply, signal });
}
