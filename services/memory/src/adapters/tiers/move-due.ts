import { MosaicError, type moveTiers, type ReplyOf, type TierPolicy } from '@mosaic/proto';
import type { Clock, Logger } from '@mosaic/service-kit';
import { preferencesInForce } from '../../app/preferences/known-preferences.ts';
import { chooseMoves, type TierMove } from '../../app/tiers/choose-moves.ts';
import { policyInForce } from '../../app/tiers/tier-policy.ts';
import type { MemoryStore } from '../../stores/memory-store.ts';

export interface MovingParts {
  readonly store: Pick<
    MemoryStore,
    'listOwners' | 'listCandidates' | 'readPreferences' | 'warmConversation' | 'chillConversation'
  >;
  readonly clock: Clock;
  readonly log: Logger;
  readonly policy: TierPolicy;
}

/** One request works about this long; whoever asks goes on behind `next`. */
const workMs = 60_000;

type Moved = ReplyOf<typeof moveTiers>;
type Counts = { -readonly [Key in Exclude<keyof Moved, 'next'>]: Moved[Key] };

/**
 * Moves what is due of the users behind `afterUser`, one conversation a transaction. It may end at any
 * moment: what has moved has moved, and asked again the rest goes on.
 */
export async function moveDue(parts: MovingParts, afterUser: string | null): Promise<Moved> {
  const endsAt = performance.now() + workMs;
  const counts: Counts = { toWarm: 0, toCold: 0, freedBytes: 0, failed: 0 };
  const owners = [...(await parts.store.listOwners())].sort();
  const rest = owners.filter((userId) => afterUser === null || userId > afterUser);
  for (const userId of rest) {
    const isDone = await moveOf(parts, userId, { counts, endsAt });
    if (!isDone || performance.now() > endsAt) {
      return { ...counts, next: userId === rest.at(-1) ? null : userId };
    }
  }
  return { ...counts, next: null };
}

/** All portions of one user; false when the time was over before. */
async function moveOf(
  parts: MovingParts,
  userId: string,
  { counts, endsAt }: { readonly counts: Counts; readonly endsAt: number },
): Promise<boolean> {
  for (;;) {
    const before = counts.toWarm + counts.toCold;
    const moves = await dueOf(parts, userId);
    for (const move of moves) {
      await moveOne(parts, { userId, move, counts });
      if (performance.now() > endsAt) return false;
    }
    // Only failures, or nothing at all: the next round would be the same.
    if (counts.toWarm + counts.toCold === before) return true;
  }
}

/** What would move of one user now. */
export async function dueOf(
  {
    clock,
    policy,
    store,
  }: Pick<MovingParts, 'clock' | 'policy'> & {
    readonly store: Pick<MemoryStore, 'listCandidates' | 'readPreferences'>;
  },
  userId: string,
): Promise<readonly TierMove[]> {
  const own = policyInForce(policy, preferencesInForce(await store.readPreferences(userId)));
  if (own.warmAfterDays === null && own.coldAfterDays === null && own.hotBytes === null) return [];
  const { candidates, rowBytes } = await store.listCandidates(userId);
  return chooseMoves(candidates, own, { nowMs: clock.now(), rowBytes });
}

async function moveOne(
  { log, store }: MovingParts,
  work: { readonly userId: string; readonly move: TierMove; readonly counts: Counts },
): Promise<void> {
  const { counts, move, userId } = work;
  const moved = { userId, conversationId: move.conversationId, seq: move.seq };
  try {
    if (move.to === 'warm') {
      if (await store.warmConversation(moved)) counts.toWarm += 1;
      return;
    }
    const freed = await store.chillConversation(moved);
    if (freed === null) return;
    counts.toCold += 1;
    counts.freedBytes += Math.max(0, Math.round(freed));
  } catch (thrown) {
    // One that can't be moved keeps no other from it; a database that is away ends it all.
    if (thrown instanceof MosaicError && thrown.isRetryable) throw thrown;
    counts.failed += 1;
    const { conversationId } = move;
    log.warn({ err: thrown, conversationId, to: move.to }, 'a conversation could not be moved');
  }
}
