import {
  assertRoom,
  listStorage,
  MosaicError,
  moveTiers,
  readStorage,
  restoreConversation,
  type StorageLimits,
  type StorageReport,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import type { ConversationKey } from '../../app/follow-conversation.ts';
import { preferencesInForce } from '../../app/preferences/known-preferences.ts';
import { fullOf, policyInForce } from '../../app/tiers/tier-policy.ts';
import type { MemoryStore } from '../../stores/memory-store.ts';
import { dueOf, type MovingParts, moveDue } from './move-due.ts';

export interface StorageServing extends MovingParts {
  readonly bus: Bus;
  readonly store: MemoryStore;
  readonly limits: StorageLimits;
  /** Applies what the log of a conversation has beyond its rows. */
  readonly catchUp: (key: ConversationKey) => Promise<void>;
}

/** Of three chats of 600 kB compressing left 8 to 9 % of events and messages with their words for search. */
const freedShare = 0.91;

/** Answers for how much is stored, what may be stored, and where. */
export function serveStorage(serving: StorageServing): void {
  const { bus, limits, policy, store } = serving;
  bus.handle(readStorage, (_, { caller }) => report(serving, caller.userId));
  bus.handle(assertRoom, async (_, { caller }) => {
    if (limits.bytes === null && limits.conversations === null) return {};
    await store.assertRoomFor(caller.userId, 'conversation');
    return {};
  });
  bus.handle(restoreConversation, async ({ conversationId }, { caller }) =>
    restore(serving, { userId: caller.userId, conversationId }),
  );
  bus.handle(listStorage, async ({ afterUser, limit }) => {
    const owners = [...(await store.listOwners())].sort();
    const rest = owners.filter((userId) => afterUser === undefined || userId > afterUser);
    const users = [];
    for (const userId of rest.slice(0, limit)) {
      users.push({ userId, ...(await store.measureStorage(userId)) });
    }
    const nextUser = rest.length > limit ? (users.at(-1)?.userId ?? null) : null;
    return { users, limits, policy, nextUser };
  });
  bus.handle(moveTiers, ({ afterUser }) => moveDue(serving, afterUser));
}

async function report(serving: StorageServing, userId: string): Promise<StorageReport> {
  const { limits, policy, store } = serving;
  const use = await store.measureStorage(userId);
  const moves = await dueOf(serving, userId);
  const toCold = moves.filter(({ to }) => to === 'cold');
  const held = toCold.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    ...use,
    limits,
    full: fullOf(use, limits),
    policy: policyInForce(policy, preferencesInForce(await store.readPreferences(userId))),
    due: {
      toWarm: moves.length - toCold.length,
      toCold: toCold.length,
      freesBytes: Math.round(held * freedShare),
    },
  };
}

async function restore({ catchUp, store }: StorageServing, key: ConversationKey) {
  const restored = await store.restoreConversation(key);
  if (restored !== undefined) return restored;
  // No such conversation, or damaged pieces that are gone now: the log tells which, and has it all.
  await catchUp(key);
  const again = await store.restoreConversation(key);
  if (again === undefined) throw new MosaicError('not_found', 'There is no such conversation.');
  const events = (await store.findConversation(key))?.seq ?? 0;
  return { ...again, from: 'cold' as const, events };
}
