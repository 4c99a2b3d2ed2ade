import type { TierPolicy } from '@mosaic/proto';

const dayMs = 86_400_000;

/** A conversation that is not cold yet, nor pinned. */
export interface TierCandidate {
  readonly conversationId: string;
  readonly seq: number;
  readonly tier: 'hot' | 'warm';
  readonly lastUsedMs: number;
  /** Of its events and messages, as stored. */
  readonly bytes: number;
  /** Never cold: it is not in the index of search, which then could not find it at all. */
  readonly isIncognito: boolean;
}

export interface TierMove {
  readonly conversationId: string;
  /** The conversation as it was judged; one that has gone on since stays. */
  readonly seq: number;
  readonly to: 'warm' | 'cold';
  readonly bytes: number;
}

export interface MoveOptions {
  readonly nowMs: number;
  /** All uncompressed bytes of the person, candidates or not. */
  readonly rowBytes: number;
}

/**
 * What moves now, those first that nobody has used for longest. What is too much for `hotBytes` becomes
 * cold before its time, but nothing that was used within the last day.
 */
export function chooseMoves(
  candidates: readonly TierCandidate[],
  policy: TierPolicy,
  { nowMs, rowBytes }: MoveOptions,
): readonly TierMove[] {
  let left = rowBytes;
  const moves: TierMove[] = [];
  for (const one of candidates.toSorted((a, b) => a.lastUsedMs - b.lastUsedMs)) {
    const idleDays = (nowMs - one.lastUsedMs) / dayMs;
    const isOver = policy.hotBytes !== null && left > policy.hotBytes && idleDays >= 1;
    const isCold = isOver || isReached(idleDays, policy.coldAfterDays);
    const { bytes, conversationId, seq } = one;
    if (isCold && !one.isIncognito) {
      left -= bytes;
      moves.push({ conversationId, seq, to: 'cold', bytes });
    } else if (one.tier === 'hot' && isReached(idleDays, policy.warmAfterDays)) {
      moves.push({ conversationId, seq, to: 'warm', bytes });
    }
  }
  return moves;
}

function isReached(idleDays: number, afterDays: number | null): boolean {
  return afterDays !== null && idleDays >= afterDays;
}
