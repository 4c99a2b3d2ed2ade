import type { MemoryExtractor, MemoryKind } from '@mosaic/proto';

/** Something to remember, before it is known whether it is remembered already. */
export interface MemoryDraft {
  readonly kind: MemoryKind;
  readonly text: string;
  readonly source: {
    readonly conversationId: string;
    readonly messageIds: readonly string[];
  } | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly confidence: number;
  readonly extractor: MemoryExtractor;
  readonly extractorVersion: string | null;
  /** Id of what it replaces; null for nothing. */
  readonly supersedes: string | null;
}
