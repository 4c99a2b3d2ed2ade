import { applyExtraction, prepareExtraction } from '@mosaic/proto';
import type { Bus, Received } from '@mosaic/service-kit';
import type { MemoryStore } from '../stores/memory-store.ts';

export interface ServingExtraction {
  readonly bus: Bus;
  readonly store: MemoryStore;
  /** Waits until the caller's conversation has reached a number; throws not_found. */
  readonly readUpTo: (
    received: Received,
    want: { readonly conversationId: string; readonly minSeq: number },
  ) => Promise<unknown>;
}

/** Answers the background job that reads finished turns for memories. */
export function serveExtraction({ bus, readUpTo, store }: ServingExtraction): void {
  bus.handle(prepareExtraction, async ({ conversationId, messageId, minSeq, run }, received) => {
    await readUpTo(received, { conversationId, minSeq });
    const key = { userId: received.caller.userId, conversationId };
    return store.prepareExtraction(key, { messageId, run });
  });
  bus.handle(applyExtraction, async ({ conversationId, ...extraction }, { caller }) =>
    store.applyExtraction({ userId: caller.userId, conversationId }, extraction),
  );
}
