import { type ImportedMessage, MosaicError } from '@mosaic/proto';
import type { ImportedConversation } from './imported-conversation.ts';
import { chatGptConversationSchema, readChatGpt } from './read-chatgpt.ts';
import { ownExportSchema, readOwn } from './read-own.ts';

export const mostConversations = 2_000;
const mostMessages = 20_000;

export interface ReadImport {
  readonly conversations: readonly ImportedConversation[];
  readonly skipped: readonly { readonly title: string | null; readonly why: string }[];
}

/**
 * Reads an export: our own JSON or ChatGPT's `conversations.json`, one conversation or a list. What is
 * not understood is told and left out. Throws bad_request when nothing is, and for more than the limits.
 */
export function readImport(body: unknown): ReadImport {
  const items = Array.isArray(body) ? body : [body];
  if (items.length > mostConversations) {
    throw new MosaicError(
      'bad_request',
      `No more than ${mostConversations} conversations at once.`,
    );
  }
  const conversations: ImportedConversation[] = [];
  const skipped: { title: string | null; why: string }[] = [];
  for (const item of items) {
    const read = readOne(item);
    const why = read === undefined ? 'not a conversation of Mosaic or ChatGPT' : whyNot(read);
    if (read === undefined || why !== undefined) {
      skipped.push({ title: read?.title ?? titleOf(item), why: why ?? '' });
    } else conversations.push(read);
  }
  if (conversations.length === 0 && skipped.every(({ why }) => why.startsWith('not a'))) {
    const forms = 'an export of a conversation of Mosaic, or the conversations.json of ChatGPT';
    throw new MosaicError('bad_request', `This is neither ${forms}.`);
  }
  return { conversations, skipped };
}

function readOne(item: unknown): ImportedConversation | undefined {
  const own = ownExportSchema.safeParse(item);
  if (own.success) return readOwn(own.data);
  const chatGpt = chatGptConversationSchema.safeParse(item);
  return chatGpt.success ? readChatGpt(chatGpt.data) : undefined;
}

function whyNot({ messages }: ImportedConversation): string | undefined {
  if (messages.length === 0) return 'it has no messages';
  return messages.length > mostMessages ? `it has more than ${mostMessages} messages` : undefined;
}

function titleOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || !('title' in item)) return null;
  return typeof item.title === 'string' ? item.title.slice(0, 200) : null;
}

const mostInRequest = 500;
const maxRequestBytes = 600_000;

/** The messages in portions that fit one request on the bus each. */
export function inPortions(
  messages: readonly ImportedMessage[],
): readonly (readonly ImportedMessage[])[] {
  const portions: ImportedMessage[][] = [[]];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(JSON.stringify(message));
    const last = portions.at(-1) ?? [];
    const isFull = last.length >= mostInRequest || bytes + size > maxRequestBytes;
    if (isFull && last.length > 0) {
      portions.push([message]);
      bytes = size;
    } else {
      last.push(message);
      bytes += size;
    }
  }
  return portions;
}
