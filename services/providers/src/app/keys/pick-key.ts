import { createHash } from 'node:crypto';
import type { VendorKey } from '../vendor/vendor-key.ts';

export interface Picking {
  /** Keys stick to a conversation, because the vendor's prompt cache belongs to one account. */
  readonly conversationId: string | undefined;
  readonly isReady: (key: VendorKey) => boolean;
  /** A number in [0, 1), for calls without conversation. */
  readonly random: number;
}

/**
 * The key to ask with, or undefined when none is ready. By rendezvous hashing: every replica comes to
 * the same key, and a key that rests moves its own conversations only, until it is back.
 */
export function pickKey(
  keys: readonly VendorKey[],
  { conversationId, isReady, random }: Picking,
): VendorKey | undefined {
  const ready = keys.filter(isReady);
  if (conversationId === undefined) return ready[Math.floor(random * ready.length)];
  const weighed = ready.map((key) => ({ key, weight: weigh(conversationId, key.id) }));
  return weighed.toSorted((left, right) => (left.weight < right.weight ? 1 : -1))[0]?.key;
}

function weigh(conversationId: string, keyId: string): string {
  return createHash('sha256').update(`${conversationId}\n${keyId}`).digest('hex');
}
