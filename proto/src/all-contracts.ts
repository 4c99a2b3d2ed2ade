import {
  agentsChanged,
  changeAgent,
  createAgent,
  getAgent,
  listAgents,
  removeAgent,
} from './agents/agents.ts';
import { answerApproval } from './agents/approvals.ts';
import {
  createConversation,
  deleteConversation,
  forkConversation,
  importConversation,
  updateConversation,
} from './agents/conversations.ts';
import { listTools } from './agents/list-tools.ts';
import { toolResultKept } from './agents/tool-results.ts';
import {
  channelHello,
  channelInbound,
  channelOutbound,
  channelOutcome,
} from './channel/messages.ts';
import type { Contract } from './contract.ts';
import { conversationLog } from './conversation/events.ts';
import { inbox } from './conversation/inbox.ts';
import { cancelTurn, live } from './conversation/live.ts';
import { userDeleted, userPurged } from './gateway/user-deleted.ts';
import { getJob, listJobs, removeJob, retryJob, setQueuePaused } from './jobs/jobs.ts';
import { listSchedules, putSchedule, removeSchedule } from './jobs/schedules.ts';
import {
  getConversation,
  listConversations,
  listEvents,
  searchConversations,
} from './memory/conversations.ts';
import { readEmbeddingStatus } from './memory/embedding-status.ts';
import { applyExtraction, prepareExtraction } from './memory/extraction.ts';
import { getContext } from './memory/get-context.ts';
import {
  changeMemory,
  getMemory,
  listMemories,
  removeMemory,
  saveMemory,
} from './memory/memories.ts';
import {
  getPreference,
  listPreferences,
  preferencesChanged,
  putPreference,
  putSystemPreference,
} from './memory/preferences.ts';
import { searchPassages } from './memory/search-passages.ts';
import {
  assertRoom,
  listStorage,
  moveTiers,
  readStorage,
  restoreConversation,
} from './memory/storage.ts';
import { listUnsummarized, prepareSummary, saveSummary } from './memory/summaries.ts';
import { sweepRetention } from './memory/sweep-retention.ts';
import {
  catalogueChanged,
  healthChanged,
  listModels,
  listProviders,
  testProvider,
} from './providers/catalogue/catalogue.ts';
import { refreshCatalogue } from './providers/catalogue/refresh-catalogue.ts';
import { createEmbedding } from './providers/create-embedding.ts';
import {
  credentialsChanged,
  listCredentials,
  listOwnModels,
  removeCredentials,
  saveCredentials,
  testCredentials,
} from './providers/credentials.ts';
import { callEnded, callStarted } from './providers/ledger.ts';
import {
  limitsChanged,
  putUserLimits,
  readLimits,
  readUserLimits,
  removeUserLimits,
} from './providers/limits.ts';
import { reportUsage } from './providers/report-usage.ts';
import { streamCompletion } from './providers/stream-completion.ts';
import {
  createRule,
  deleteRule,
  deleteTier,
  getRuleHistory,
  lintRules,
  putTier,
  reorderRules,
  rulesChanged,
  updateRule,
} from './router/change-rules.ts';
import { decideRoute } from './router/decide-route.ts';
import {
  acceptSuggestion,
  deleteExemplar,
  dismissSuggestion,
  giveFeedback,
  listExemplars,
  listFeedback,
  listSuggestions,
} from './router/feedback.ts';
import { replayRules } from './router/replay-rules.ts';
import { replayTurn } from './router/replay-turn.ts';
import { getEffectiveRules, listRules } from './router/rules.ts';

/**
 * Every contract there is. Docs, JSON Schemas, the AsyncAPI document, the bus permissions and the
 * boot check are made from this list: a subject that is not here is one that nobody can use.
 */
export const allContracts: Readonly<Record<string, Contract>> = {
  inbox,
  conversationLog,
  live,
  cancelTurn,
  decideRoute,
  listRules,
  getEffectiveRules,
  createRule,
  updateRule,
  deleteRule,
  reorderRules,
  lintRules,
  getRuleHistory,
  putTier,
  deleteTier,
  rulesChanged,
  replayRules,
  replayTurn,
  giveFeedback,
  listFeedback,
  listSuggestions,
  acceptSuggestion,
  dismissSuggestion,
  listExemplars,
  deleteExemplar,
  streamCompletion,
  listModels,
  listProviders,
  testProvider,
  catalogueChanged,
  refreshCatalogue,
  saveCredentials,
  removeCredentials,
  testCredentials,
  listCredentials,
  listOwnModels,
  credentialsChanged,
  healthChanged,
  createEmbedding,
  callStarted,
  callEnded,
  reportUsage,
  readLimits,
  readUserLimits,
  putUserLimits,
  removeUserLimits,
  limitsChanged,
  getContext,
  listConversations,
  getConversation,
  listEvents,
  searchConversations,
  searchPassages,
  readEmbeddingStatus,
  sweepRetention,
  readStorage,
  listStorage,
  assertRoom,
  restoreConversation,
  moveTiers,
  listUnsummarized,
  prepareSummary,
  saveSummary,
  saveMemory,
  listMemories,
  getMemory,
  changeMemory,
  removeMemory,
  getPreference,
  putPreference,
  listPreferences,
  putSystemPreference,
  preferencesChanged,
  prepareExtraction,
  applyExtraction,
  listAgents,
  getAgent,
  createAgent,
  changeAgent,
  removeAgent,
  agentsChanged,
  listTools,
  createConversation,
  updateConversation,
  deleteConversation,
  answerApproval,
  toolResultKept,
  forkConversation,
  importConversation,
  listJobs,
  getJob,
  retryJob,
  removeJob,
  setQueuePaused,
  listSchedules,
  putSchedule,
  removeSchedule,
  channelHello,
  channelInbound,
  channelOutbound,
  channelOutcome,
  userDeleted,
  userPurged,
};
