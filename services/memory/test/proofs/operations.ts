import type { ConversationEvent } from '@mosaic/proto';
import type { ConversationKey } from '../../src/app/follow-conversation.ts';
import type { MemoryDraft } from '../../src/app/memories/memory-draft.ts';
import type { MemoryStore } from '../../src/stores/memory-store.ts';

/** What Bob has. */
export interface Loot {
  readonly conversationId: string;
  /** A conversation that is stored compressed. */
  readonly coldId: string;
  readonly messageId: string;
  readonly run: string;
  readonly memoryId: string;
}

export const draftOf = (text: string): MemoryDraft => ({
  kind: 'preference',
  text,
  source: null,
  validFrom: null,
  validTo: null,
  confidence: 1,
  extractor: 'person',
  extractorVersion: null,
  supersedes: null,
});

type Ask = (store: MemoryStore, loot: Loot) => Promise<unknown>;

const ada = 'ada';
const keyOf = (loot: Loot): ConversationKey => ({
  userId: ada,
  conversationId: loot.conversationId,
});

const coldKeyOf = ({ coldId }: Loot): ConversationKey => ({ userId: ada, conversationId: coldId });

/** An event with which Ada would go on in Bob's conversation. */
function intrusion({ conversationId }: Loot): ConversationEvent {
  const at = '2026-01-01T00:00:00.000Z';
  return { type: 'conversation.renamed', conversationId, seq: 4, at, title: 'stolen', by: 'user' };
}

const model = 'canary-model';
const everything = { limit: 200, after: null };

/** Every operation of the store, done by Ada with the ids of what is Bob's. */
export const operations: Readonly<Record<keyof MemoryStore, Ask>> = {
  readProjectionId: (store) => store.readProjectionId(),
  apply: (store, loot) =>
    store.apply(keyOf(loot), [{ event: intrusion(loot), streamSeq: 1_000_000 }]),
  listPage: (store) => store.listPage(ada, { ...everything, archived: 'with', tag: undefined }),
  findConversation: (store, loot) => store.findConversation(keyOf(loot)),
  readEvents: (store, loot) =>
    Promise.all(
      [keyOf(loot), coldKeyOf(loot)].map((key) =>
        store.readEvents(key, { afterSeq: 0, beforeSeq: undefined, limit: 100 }),
      ),
    ),
  readRecent: (store, loot) =>
    Promise.all(
      [keyOf(loot), coldKeyOf(loot)].map((key) =>
        store.readRecent(key, { minSeq: 0, maxTurns: 100 }),
      ),
    ),
  readBriefing: (store, loot) =>
    Promise.all([keyOf(loot), coldKeyOf(loot)].map((key) => store.readBriefing(key))),
  search: (store) =>
    store.search(ada, { terms: { words: ['canary', 'bob'], pieces: ['金丝'] }, limit: 100 }),
  saveMemory: (store) => store.saveMemory(ada, draftOf('Canary bob')),
  listMemories: (store) =>
    store.listMemories(ada, { ...everything, kind: undefined, withSuperseded: true }),
  findMemory: (store, { memoryId }) => store.findMemory(ada, memoryId),
  changeMemory: (store, { memoryId }) =>
    store.changeMemory(ada, { id: memoryId, changes: { text: 'stolen' } }),
  removeMemory: (store, { memoryId }) => store.removeMemory(ada, memoryId),
  removeAllMemories: (store) => store.removeAllMemories(ada),
  assertMayRemember: (store, { conversationId }) => store.assertMayRemember(ada, conversationId),
  prepareExtraction: (store, loot) => store.prepareExtraction(keyOf(loot), loot),
  applyExtraction: (store, loot) =>
    store.applyExtraction(keyOf(loot), {
      messageId: loot.messageId,
      version: 'test',
      found: [{ kind: 'fact', text: 'Canary', confidence: 1, validFrom: null, replaces: 'canary' }],
    }),
  readPreferences: (store) => store.readPreferences(ada),
  putPreference: (store) => store.putPreference(ada, { key: 'canary.key', value: 'of ada' }),
  putSystemPreference: (store) =>
    store.putSystemPreference({ key: 'other.key', value: 'of all', isFixed: false }),
  backfillPassages: (store) => store.backfillPassages(ada),
  // Versions count from one for each person, so these are Bob's too.
  readTexts: (store) => store.readTexts(ada, [1, 2, 3, 4, 5]),
  readPassageNews: (store) => store.readPassageNews(ada, null),
  listUnembedded: (store) => store.listUnembedded(ada, { model, limit: 100 }),
  saveEmbeddings: (store) =>
    store.saveEmbeddings(ada, {
      model,
      width: 2,
      rows: [{ hash: Buffer.alloc(32), vector: new Float32Array([1, 0]) }],
    }),
  dropOtherModels: (store) => store.dropOtherModels(ada, 'another'),
  readCoverage: (store) => store.readCoverage(ada),
  readComparable: (store) => store.readComparable(ada, { wanted: model, known: null }),
  listOwners: async (store) => (await store.listOwners()).length,
  listOutdated: (store) => store.listOutdated(ada, '2999-01-01T00:00:00.000Z'),
  removeDeleted: (store) => store.removeDeleted(ada, '2999-01-01T00:00:00.000Z'),
  removeOutdated: (store, loot) => store.removeOutdated({ ...keyOf(loot), seq: 3 }),
  listCandidates: (store) => store.listCandidates(ada),
  warmConversation: (store, loot) => store.warmConversation({ ...keyOf(loot), seq: 3 }),
  chillConversation: (store, loot) => store.chillConversation({ ...keyOf(loot), seq: 3 }),
  restoreConversation: (store, loot) => store.restoreConversation(coldKeyOf(loot)),
  measureStorage: (store) => store.measureStorage(ada),
  assertRoomFor: (store) => store.assertRoomFor(ada, 'conversation'),
  listUnsummarized: (store) =>
    store.listUnsummarized(ada, { limit: 100, triedBefore: '2999-01-01T00:00:00.000Z' }),
  prepareSummary: (store, loot) => store.prepareSummary(coldKeyOf(loot)),
  saveSummary: (store, loot) =>
    store.saveSummary(coldKeyOf(loot), { text: 'stolen', by: 'test', messageCount: 2 }),
  purge: (store) => store.purge(ada),
};
