import { getConversation } from '@mosaic/proto';
import type { Bus, SignedCaller } from '@mosaic/service-kit';

/** Long enough for memory to write what was just done, also on a busy machine. */
const settleMs = 5_000;

/**
 * Waits until memory has applied the event `minSeq` of the caller's conversation, so that the list or
 * the search that is asked for next knows it. Never throws and never waits long: what was done is in
 * the log, and when memory is away it shows there a moment later.
 */
export async function settle(
  bus: Bus,
  caller: SignedCaller,
  request: { readonly conversationId: string; readonly minSeq: number },
): Promise<void> {
  await bus.call(getConversation, request, { caller, timeoutMs: settleMs }).catch(() => undefined);
}
