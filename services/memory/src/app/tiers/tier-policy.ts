import type { Preference, StorageKind, StorageLimits, StorageUse, TierPolicy } from '@mosaic/proto';

/** Settings by which a person has conversations moved sooner than the installation does. */
export const tierKeys = {
  warmAfterDays: 'storage.warm-after-days',
  coldAfterDays: 'storage.cold-after-days',
  hotMegabytes: 'storage.hot-megabytes',
} as const;

const bytesPerMegabyte = 1_000_000;

/** The installation's policy, tightened by what the person chose; nobody loosens it. */
export function policyInForce(platform: TierPolicy, settings: readonly Preference[]): TierPolicy {
  const chosen = (key: string): number | null => {
    const value = settings.find((one) => one.key === key)?.value;
    return typeof value === 'number' && value > 0 ? value : null;
  };
  const megabytes = chosen(tierKeys.hotMegabytes);
  return {
    warmAfterDays: tighter(platform.warmAfterDays, chosen(tierKeys.warmAfterDays)),
    coldAfterDays: tighter(platform.coldAfterDays, chosen(tierKeys.coldAfterDays)),
    hotBytes: tighter(platform.hotBytes, megabytes === null ? null : megabytes * bytesPerMegabyte),
  };
}

function tighter(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right;
  return Math.min(left, right);
}

/** Which limits are reached: there is room for nothing more of these. */
export function fullOf(
  use: Pick<StorageUse, 'bytes' | 'conversations' | 'memories'>,
  limits: StorageLimits,
): StorageKind[] {
  const have = { bytes: use.bytes, conversations: use.conversations, memories: use.memories.count };
  const kinds: readonly StorageKind[] = ['bytes', 'conversations', 'memories'];
  return kinds.filter((kind) => {
    const most = limits[kind];
    return most !== null && have[kind] >= most;
  });
}
