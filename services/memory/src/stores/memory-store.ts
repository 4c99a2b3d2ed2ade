import type { StorageLimits } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import type { ConversationKey, LoggedEvent } from '../app/follow-conversation.ts';
import type { MemoryDraft } from '../app/memories/memory-draft.ts';
import type { VectorSet } from '../app/recall/embeddings/compare-vectors.ts';
import type { SearchTerms } from '../app/search-terms.ts';
import { findConversation, listPage, type PageQuery } from './conversations.ts';
import { type EventQuery, readEvents, readRecent } from './events.ts';
import {
  applyExtraction,
  type Extraction,
  prepareExtraction,
  type TurnToRead,
} from './extraction/by-model.ts';
import { assertMayRemember } from './extraction/by-rules.ts';
import {
  changeMemory,
  findMemory,
  listMemories,
  type MemoryChanges,
  type MemoryQuery,
  removeAllMemories,
  removeMemory,
  saveMemory,
} from './memories/memories.ts';
import { putPreference, putSystemPreference, readPreferences } from './memories/preferences.ts';
import { readBriefing } from './memories/standing.ts';
import { backfillPassages } from './passages/backfill-passages.ts';
import {
  dropOtherModels,
  listUnembedded,
  type NewVectors,
  readComparable,
  readCoverage,
  saveEmbeddings,
} from './passages/embeddings.ts';
import { type IndexState, readPassageNews, readTexts } from './passages/read-passages.ts';
import { applyEvents, readProjectionId } from './projection.ts';
import { purgeOwner } from './purge-owner.ts';
import {
  listOutdated,
  listOwners,
  type Outdated,
  removeDeleted,
  removeOutdated,
} from './retention.ts';
import { searchMessages } from './search.ts';
import type { MemoryTables } from './tables.ts';
import { type Addition, assertRoomFor } from './tiers/assert-room.ts';
import { listCandidates } from './tiers/list-candidates.ts';
import { measureStorage } from './tiers/measure-storage.ts';
import {
  chillConversation,
  type MovedConversation,
  warmConversation,
} from './tiers/move-conversation.ts';
import { restoreConversation } from './tiers/restore-conversation.ts';
import { listUnsummarized, prepareSummary, saveSummary } from './tiers/summaries.ts';

const unlimited: StorageLimits = { bytes: null, conversations: null, memories: null };

/** Everything memory does with its tables, on one database; `limits` hold for each person. */
export function openMemoryStore(db: Database<MemoryTables>, limits: StorageLimits = unlimited) {
  return {
    readProjectionId: () => readProjectionId(db),
    apply: (key: ConversationKey, events: readonly LoggedEvent[]) =>
      applyEvents(db, key, { events, limits }),
    listPage: (userId: string, query: PageQuery) => listPage(db, userId, query),
    findConversation: (key: ConversationKey) => findConversation(db, key),
    readEvents: (key: ConversationKey, query: EventQuery) => readEvents(db, key, query),
    readRecent: (
      key: ConversationKey,
      want: { readonly minSeq: number; readonly maxTurns: number },
    ) => readRecent(db, key, want),
    readBriefing: (key: ConversationKey) => readBriefing(db, key),
    search: (userId: string, search: { readonly terms: SearchTerms; readonly limit: number }) =>
      searchMessages(db, userId, search),
    ...memoryOperations(db, limits),
    ...tierOperations(db, limits),
    backfillPassages: (userId: string) => backfillPassages(db, userId),
    readPassageNews: (userId: string, known: IndexState | null) =>
      readPassageNews(db, userId, known),
    readTexts: (userId: string, versions: readonly number[]) => readTexts(db, userId, versions),
    listUnembedded: (userId: string, want: { readonly model: string; readonly limit: number }) =>
      listUnembedded(db, userId, want),
    saveEmbeddings: (userId: string, vectors: NewVectors) => saveEmbeddings(db, userId, vectors),
    dropOtherModels: (userId: string, model: string) => dropOtherModels(db, userId, model),
    readCoverage: (userId: string) => readCoverage(db, userId),
    readComparable: (
      userId: string,
      want: { readonly wanted: string; readonly known: VectorSet | null },
    ) => readComparable(db, userId, want),
    purge: (userId: string) => purgeOwner(db, userId),
    listOwners: () => listOwners(db),
    listOutdated: (userId: string, untouchedSince: string) =>
      listOutdated(db, userId, untouchedSince),
    removeDeleted: (userId: string, before: string) => removeDeleted(db, userId, before),
    removeOutdated: (outdated: Outdated) => removeOutdated(db, outdated),
  };
}

/** What is remembered of people, and their settings. */
function memoryOperations(db: Database<MemoryTables>, limits: StorageLimits) {
  return {
    saveMemory: (userId: string, draft: MemoryDraft) => saveMemory(db, userId, { draft, limits }),
    listMemories: (userId: string, query: MemoryQuery) => listMemories(db, userId, query),
    findMemory: (userId: string, id: string) => findMemory(db, userId, id),
    changeMemory: (
      userId: string,
      wish: { readonly id: string; readonly changes: MemoryChanges },
    ) => changeMemory(db, userId, wish),
    removeMemory: (userId: string, id: string) => removeMemory(db, userId, id),
    removeAllMemories: (userId: string) => removeAllMemories(db, userId),
    assertMayRemember: (userId: string, conversationId: string | undefined) =>
      assertMayRemember(db, userId, conversationId),
    prepareExtraction: (key: ConversationKey, turn: TurnToRead) =>
      prepareExtraction(db, key, { turn, limits }),
    applyExtraction: (key: ConversationKey, extraction: Extraction) =>
      applyExtraction(db, key, extraction),
    readPreferences: (userId: string) => readPreferences(db, userId),
    putPreference: (userId: string, wish: Parameters<typeof putPreference>[2]) =>
      putPreference(db, userId, wish),
    putSystemPreference: (wish: Parameters<typeof putSystemPreference>[1]) =>
      putSystemPreference(db, wish),
  };
}

/** Where conversations are kept, and how much of everything. */
function tierOperations(db: Database<MemoryTables>, limits: StorageLimits) {
  return {
    listCandidates: (userId: string) => listCandidates(db, userId),
    warmConversation: (moved: MovedConversation) => warmConversation(db, moved),
    chillConversation: (moved: MovedConversation) => chillConversation(db, moved),
    restoreConversation: (key: ConversationKey) => restoreConversation(db, key),
    measureStorage: (userId: string) => measureStorage(db, userId),
    assertRoomFor: (userId: string, addition: Addition) =>
      assertRoomFor(db, userId, { addition, limits }),
    listUnsummarized: (userId: string, want: Parameters<typeof listUnsummarized>[2]) =>
      listUnsummarized(db, userId, want),
    prepareSummary: (key: ConversationKey) => prepareSummary(db, key),
    saveSummary: (key: ConversationKey, summary: Parameters<typeof saveSummary>[2]) =>
      saveSummary(db, key, summary),
  };
}

export type MemoryStore = ReturnType<typeof openMemoryStore>;
