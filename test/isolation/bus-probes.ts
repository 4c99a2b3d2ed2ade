import { makeId } from '@mosaic/proto';
import type { Loot } from './probes.ts';

/** One thing that Ada asks over the bus. */
export interface BusProbe {
  readonly request: unknown;
  /** Refused: it names something of Bob's, or is for administrators. Own: it is answered, with hers. */
  readonly expects: 'refused' | 'own';
}

type Make = (bob: Loot) => readonly BusProbe[];

const refused = (request: unknown): BusProbe => ({ request, expects: 'refused' });
const own = (request: unknown): BusProbe => ({ request, expects: 'own' });
const rule = { name: 'over-the-bus', when: [], then: { model: 'gpt-5.4' } };
const at = '2026-01-01T00:00:00.000Z';

const router: Record<string, Make> = {
  decideRoute: () => [
    own({ text: 'canary bob', needs: { tools: false, vision: false }, contextTokens: 0 }),
  ],
  listRules: () => [own({})],
  getEffectiveRules: () => [own({})],
  createRule: () => [own({ rule })],
  updateRule: ({ ruleId }) => [refused({ id: ruleId, changes: { name: 'stolen' } })],
  deleteRule: ({ ruleId }) => [refused({ id: ruleId })],
  reorderRules: ({ ruleId }) => [refused({ ids: [ruleId], scope: 'user' })],
  lintRules: () => [own({ rules: [rule] })],
  getRuleHistory: ({ ruleId }) => [refused({ id: ruleId })],
  putTier: () => [refused({ name: 'cheap', models: ['gpt-5.4'] })],
  deleteTier: () => [refused({ name: 'cheap' })],
  replayRules: () => [own({ rules: [] })],
  replayTurn: ({ conversationId, messageId }) => [refused({ conversationId, messageId })],
  giveFeedback: ({ conversationId, messageId }) => [
    refused({ conversationId, messageId, kind: 'up' }),
  ],
  listFeedback: () => [own({})],
  listSuggestions: () => [own({})],
  acceptSuggestion: ({ suggestionId }) => [refused({ id: suggestionId })],
  dismissSuggestion: ({ suggestionId }) => [refused({ id: suggestionId })],
  listExemplars: () => [own({})],
  deleteExemplar: ({ exemplarId }) => [refused({ id: exemplarId })],
};

const providers: Record<string, Make> = {
  streamCompletion: ({ conversationId }) => [
    own({
      candidates: [{ provider: 'openai', model: 'gpt-5.4' }],
      system: null,
      turns: [{ role: 'user', content: [{ type: 'text', text: 'canary of bob?' }] }],
      conversationId,
      purpose: 'probe',
    }),
  ],
  testProvider: () => [own({ name: 'anthropic' })],
  saveCredentials: () => [
    own({ provider: 'zai', keys: ['of-ada-1234567890'], baseUrl: null, skipTest: true }),
  ],
  // She saved and removed hers; Bob has none of his own with it either.
  testCredentials: () => [refused({ provider: 'zai' })],
  listCredentials: () => [own({})],
  listOwnModels: () => [own({})],
  removeCredentials: () => [own({ provider: 'zai' })],
  reportUsage: () => [own({ from: '2026-01-01', to: '2026-12-31', by: 'model' })],
  readLimits: () => [own({})],
  readUserLimits: ({ userId }) => [refused({ userId })],
  putUserLimits: ({ userId }) => [refused({ userId, limits: { budgetUsdPerDay: 0 } })],
  removeUserLimits: ({ userId }) => [refused({ userId })],
};

const memory: Record<string, Make> = {
  getContext: ({ conversationId }) => [
    refused({ conversationId, seq: 0 }),
    refused({ conversationId, seq: 3 }),
  ],
  listConversations: () => [own({ archived: 'with', limit: 200 })],
  getConversation: ({ conversationId }) => [
    refused({ conversationId }),
    refused({ conversationId, minSeq: 2 }),
  ],
  listEvents: ({ conversationId }) => [refused({ conversationId })],
  searchConversations: () => [own({ query: 'canary bob secret' })],
  searchPassages: ({ conversationId }) => [
    own({ text: 'canary bob secret', limit: 100, tokenBudget: 100_000 }),
    own({ text: 'canary bob secret', conversationId }),
    own({ text: 'canary bob secret', exceptConversationId: makeId() }),
  ],
  readEmbeddingStatus: () => [own({})],
  saveMemory: ({ conversationId, memoryId, messageId }) => [
    own({ text: 'Ada was on the bus', source: { conversationId, messageIds: [messageId] } }),
    refused({ text: 'Ada was on the bus again', supersedes: memoryId }),
  ],
  listMemories: () => [own({ withSuperseded: true, limit: 200 })],
  getMemory: ({ memoryId }) => [refused({ id: memoryId })],
  changeMemory: ({ memoryId }) => [refused({ id: memoryId, text: 'stolen' })],
  removeMemory: ({ memoryId }) => [refused({ id: memoryId }), own({ all: true })],
  getPreference: ({ preferenceKey }) => [own({ key: preferenceKey })],
  putPreference: ({ preferenceKey }) => [own({ key: preferenceKey, value: 'of ada' })],
  listPreferences: () => [own({})],
  putSystemPreference: ({ preferenceKey }) => [
    refused({ key: preferenceKey, value: 'stolen', isFixed: true }),
  ],
  prepareExtraction: ({ conversationId, messageId }) => [
    refused({ conversationId, messageId, run: makeId(), minSeq: 3 }),
  ],
  applyExtraction: ({ conversationId, messageId }) => [
    refused({
      conversationId,
      messageId,
      version: 'test',
      found: [{ kind: 'fact', text: 'stolen', confidence: 1, validFrom: null, replaces: 'secret' }],
    }),
  ],
  readStorage: () => [own({})],
  listStorage: () => [refused({})],
  assertRoom: () => [own({})],
  restoreConversation: ({ conversationId }) => [refused({ conversationId })],
  // Of what she cannot see there is nothing to summarise and nothing to save; the reply says only that.
  prepareSummary: ({ conversationId }) => [own({ conversationId })],
  saveSummary: ({ conversationId }) => [
    own({ conversationId, messageCount: 9, text: 'stolen', by: 'ada' }),
  ],
};

const agents: Record<string, Make> = {
  listAgents: () => [own({})],
  getAgent: ({ agentName }) => [refused({ name: agentName })],
  createAgent: () => [
    own({ agent: { name: 'of-ada-2', description: 'hers', systemPrompt: 'Rhyme.' } }),
  ],
  changeAgent: ({ agentName }) => [refused({ name: agentName, changes: { description: 'mine' } })],
  removeAgent: ({ agentName }) => [refused({ name: agentName })],
  listTools: ({ agentName }) => [own({}), refused({ agent: agentName })],
  // Each person has their own namespace of ids: Bob's is free for Ada, and stays Bob's.
  createConversation: ({ twinId }) => [own({ conversationId: twinId, title: 'of ada' })],
  importConversation: ({ twinId }) => [
    // Her own conversation of that id is in the way, not Bob's.
    refused({
      conversationId: twinId,
      title: 'of ada',
      createdAt: at,
      importedFrom: 'test',
      messages: [{ id: makeId(), role: 'user', text: 'ada was here', at }],
    }),
  ],
  updateConversation: ({ conversationId }) => [refused({ conversationId, title: 'stolen' })],
  deleteConversation: ({ conversationId }) => [refused({ conversationId })],
  answerApproval: ({ conversationId }) => [
    refused({ conversationId, callId: 'call_1', answer: 'once' }),
  ],
  forkConversation: ({ conversationId }) => [refused({ conversationId, forkId: makeId() })],
};

const jobId = ({ conversationId, userId }: Loot) => `title-${userId}-${conversationId}`;
const jobs: Record<string, Make> = {
  listJobs: () => [refused({})],
  getJob: (bob) => [refused({ queue: 'conversations', id: jobId(bob) })],
  retryJob: (bob) => [refused({ queue: 'conversations', id: jobId(bob) })],
  removeJob: (bob) => [refused({ queue: 'conversations', id: jobId(bob) })],
  setQueuePaused: () => [refused({ queue: 'conversations', isPaused: true })],
  listSchedules: () => [refused({})],
  putSchedule: () => [refused({ id: 'x', job: 'sweep-retention', everyMs: 60_000 })],
  removeSchedule: () => [refused({ id: 'sweep-retention' })],
};

/** What Ada asks of each request and stream that needs a person; the test fails for one that is not here. */
export const busProbes: Readonly<Record<string, Make>> = {
  ...router,
  ...providers,
  ...memory,
  ...agents,
  ...jobs,
};

/** A fact in Ada's name about a conversation whose id is Bob's too. */
export interface FactProbe {
  readonly fact: (bob: Loot) => unknown;
}

const modelCall = {
  provider: 'openai',
  model: 'gpt-5.4',
  startedAt: at,
  agent: null,
  purpose: 'turn',
  isSimulated: false,
};

/**
 * Events with a person in their subject. Each is published under Ada's id, as the service that may,
 * and names a conversation that Bob has under the same id: nothing of Bob's may follow from it.
 */
export const factProbes: Readonly<Record<string, FactProbe | 'test/isolation/removal.test.ts'>> = {
  conversationLog: {
    fact: ({ lureId }) => ({
      ...{ conversationId: lureId, seq: 1, at, type: 'conversation.created' },
      ...{ title: 'of ada', agent: 'assistant', model: null },
    }),
  },
  inbox: {
    fact: ({ lureId }) => ({
      conversationId: lureId,
      messageId: makeId(),
      text: 'What is 1 + 1?',
      acceptedAt: new Date().toISOString(),
    }),
  },
  live: {
    fact: ({ lureId }) => ({
      ...{ conversationId: lureId, run: makeId(), step: 0, kind: 'text', offset: 0 },
      text: 'stolen',
    }),
  },
  cancelTurn: { fact: ({ lureId }) => ({ conversationId: lureId }) },
  credentialsChanged: { fact: () => ({ provider: 'openai' }) },
  agentsChanged: { fact: ({ agentName }) => ({ name: agentName }) },
  toolResultKept: { fact: () => ({ tool: 'web_fetch', text: 'stolen' }) },
  callStarted: {
    fact: ({ lureId }) => ({ ...modelCall, id: makeId(), conversationId: lureId }),
  },
  callEnded: {
    fact: ({ lureId }) => ({
      ...{ ...modelCall, id: makeId(), conversationId: lureId },
      ...{ outcome: 'failed', stop: null, errorCode: 'provider_failed', usage: null },
      ...{ cost: { usd: null, source: 'unknown' }, timings: { firstTokenMs: 0, totalMs: 0 } },
      ...{ attempts: 0, skipped: [] },
    }),
  },
  // What these two remove, and of whom, is the whole of that test.
  userDeleted: 'test/isolation/removal.test.ts',
  userPurged: 'test/isolation/removal.test.ts',
};
