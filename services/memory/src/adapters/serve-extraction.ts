import { applyExtraction, prepareExtraction } from '@mosaic/proto';
import type { Bus, Received } from '@mosaic/service-kit';
import type { ImpersonalQuestions } from '../app/extraction/impersonal-questions.ts';
import { nothingPersonal } from '../stores/extraction/by-model.ts';
import type { MemoryStore } from '../stores/memory-store.ts';

export interface ServingExtraction {
  readonly bus: Bus;
  readonly impersonal: Pick<ImpersonalQuestions, 'has'>;
  readonly store: MemoryStore;
  /** Waits until the caller's conversation has reached a number; throws not_found. */
  readonly readUpTo: (
    received: Received,
    want: { readonly conversationId: string; readonly minSeq: number },
  ) => Promise<unknown>;
}

/** Answers the background job that reads finished turns for memories. */
export function serveExtraction({ bus, impersonal, readUpTo, store }: ServingExtraction): void {
  bus.handle(prepareExtraction, async ({ conversationId, messageId, minSeq, run }, received) => {
    const key = { userId: received.caller.userId, conversationId };
    if (impersonal.has(key, messageId)) return { isWanted: false as const, why: nothingPersonal };
    await readUpTo(received, { conversationId, minSeq });
    return store.prepareExtraction(key, { messageId, run });
  });
  bus.handle(applyExtraction, async ({ conversationId, ...extraction }, { caller }) =>
    store.applyExtraction({ userId: caller.userId, conversationId }, extraction),
  );
}
