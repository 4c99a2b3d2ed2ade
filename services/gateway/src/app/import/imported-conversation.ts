import { createHash } from 'node:crypto';
import type { ImportedMessage } from '@mosaic/proto';

/** A conversation of an export, as it will be in the log. */
export interface ImportedConversation {
  readonly conversationId: string;
  readonly title: string | null;
  readonly createdAt: string;
  readonly importedFrom: 'ChatGPT' | 'Mosaic';
  readonly isArchived: boolean;
  readonly messages: readonly ImportedMessage[];
}

/** Longest title that the log takes. */
export const maxTitleChars = 200;

/**
 * A UUID (version 8 of RFC 9562) that is the same for the same words: what is imported twice has the
 * same ids and is there once.
 */
export function idFrom(...words: readonly string[]): string {
  const bytes = createHash('sha256').update(words.join('\0')).digest().subarray(0, 16);
  bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  const cuts = [0, 8, 12, 16, 20, 32];
  return cuts
    .slice(1)
    .map((end, index) => hex.slice(cuts[index], end))
    .join('-');
}
