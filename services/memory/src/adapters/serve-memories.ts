import {
  changeMemory,
  getMemory,
  getPreference,
  listMemories,
  listPreferences,
  MosaicError,
  type Preference,
  pausedKey,
  preferencesChanged,
  putPreference,
  putSystemPreference,
  type RequestOf,
  removeMemory,
  saveMemory,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { kindOf } from '../app/extraction/extract-by-rules.ts';
import { fitPage } from '../app/fit-page.ts';
import type { MemoryDraft } from '../app/memories/memory-draft.ts';
import { readCursor, writeCursor } from '../app/page-cursor.ts';
import {
  assertFits,
  assertForEverybody,
  preferencesInForce,
} from '../app/preferences/known-preferences.ts';
import type { MemoryStore } from '../stores/memory-store.ts';

export interface ServingMemories {
  readonly bus: Bus;
  readonly store: MemoryStore;
}

/** Answers for what is remembered of the caller, and for the caller's settings. */
export function serveMemories(serving: ServingMemories): void {
  serveChanges(serving);
  serveReading(serving);
  servePreferences(serving);
}

function serveChanges({ bus, store }: ServingMemories): void {
  bus.handle(saveMemory, async (request, { caller }) => {
    if (request.extractor !== 'person') {
      await store.assertMayRemember(caller.userId, request.source?.conversationId);
    }
    return store.saveMemory(caller.userId, toDraft(request));
  });
  bus.handle(changeMemory, async ({ id, ...changes }, { caller }) => ({
    memory: await store.changeMemory(caller.userId, { id, changes }),
  }));
  bus.handle(removeMemory, async ({ id }, { caller }) => {
    if (id === undefined) return { removed: await store.removeAllMemories(caller.userId) };
    const removed = await store.removeMemory(caller.userId, id);
    if (removed === 0) throw noMemory();
    return { removed };
  });
}

function serveReading({ bus, store }: ServingMemories): void {
  bus.handle(getMemory, async ({ id }, { caller }) => {
    const memory = await store.findMemory(caller.userId, id);
    if (memory === undefined) throw noMemory();
    return { memory };
  });
  bus.handle(listMemories, async ({ cursor, kind, limit, withSuperseded }, { caller }) => {
    const after = cursor === undefined ? null : readCursor(cursor);
    const query = { limit, after, kind, withSuperseded };
    const found = await store.listMemories(caller.userId, query);
    const memories = fitPage(found.slice(0, limit));
    const last = memories.at(-1);
    const hasMore = found.length > memories.length && last !== undefined;
    const nextCursor = hasMore ? writeCursor({ updatedAt: last.createdAt, id: last.id }) : null;
    const settings = preferencesInForce(await store.readPreferences(caller.userId));
    const isPaused = settings.find((one) => one.key === pausedKey)?.value === true;
    return { memories: [...memories], nextCursor, isPaused };
  });
}

function servePreferences({ bus, store }: ServingMemories): void {
  const inForce = async (userId: string) => preferencesInForce(await store.readPreferences(userId));
  const find = async (userId: string, key: string): Promise<Preference> => {
    const found = (await inForce(userId)).find((one) => one.key === key);
    if (found === undefined) throw new MosaicError('not_found', `"${key}" is not set.`);
    return found;
  };
  bus.handle(listPreferences, async (_, { caller }) => ({
    preferences: [...(await inForce(caller.userId))],
  }));
  bus.handle(getPreference, async ({ key }, { caller }) => ({
    preference: await find(caller.userId, key),
  }));
  bus.handle(putPreference, async ({ key, value }, { caller }) => {
    if (value !== null) assertFits(key, value);
    await store.putPreference(caller.userId, { key, value });
    bus.publishLive(preferencesChanged, { userId: caller.userId, key }, { tokens: {} });
    const now = (await inForce(caller.userId)).find((one) => one.key === key);
    return { preference: now ?? unset(key) };
  });
  bus.handle(putSystemPreference, async ({ isFixed, key, value }, { caller }) => {
    if (value !== null) assertForEverybody(key, value);
    await store.putSystemPreference({ key, value, isFixed });
    bus.publishLive(preferencesChanged, { userId: null, key }, { tokens: {} });
    const now = (await inForce(caller.userId)).find((one) => one.key === key);
    return { preference: now ?? unset(key) };
  });
}

/** What is left of a setting that nobody has any more. */
function unset(key: string): Preference {
  return { key, value: null, scope: 'system', isMutable: true, updatedAt: null };
}

function noMemory(): MosaicError {
  return new MosaicError('not_found', 'There is no such memory, or it is not yours.');
}

function toDraft(request: RequestOf<typeof saveMemory>): MemoryDraft {
  return {
    kind: request.kind ?? kindOf(request.text),
    text: request.text,
    source: request.source ?? null,
    validFrom: request.validFrom ?? null,
    validTo: request.validTo ?? null,
    confidence: request.confidence,
    extractor: request.extractor,
    extractorVersion: request.extractorVersion ?? null,
    supersedes: request.supersedes ?? null,
  };
}
