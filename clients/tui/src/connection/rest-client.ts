import type {
  Agent,
  AgentChanges,
  AgentDraft,
  ConversationSummary,
  createConversationBody,
  getEffectiveRules,
  giveFeedback,
  LimitsReport,
  listMemories,
  ModelCard,
  ReplyOf,
  RequestOf,
  reportUsage,
  restoreConversation,
  StorageReport,
  savedMemoryReply,
  searchConversations,
  searchPassages,
  ToolListing,
  UsageQuery,
  updateConversationBody,
} from '@mosaic/proto';
import { codeOfStatus, errorBodySchema, MosaicError, makeId } from '@mosaic/proto/client';
import type { z } from 'zod';
import { requestText } from './request-text.ts';

export interface RestClientOptions {
  readonly url: string;
  readonly readToken: () => string | undefined;
}

export type SearchHit = z.infer<typeof searchConversations.reply>['hits'][number];

export type ConversationChange = z.infer<typeof updateConversationBody>;

/** The gateway's routes that the terminal needs. Every method throws a `MosaicError`. */
export interface RestClient {
  listConversations(): Promise<readonly ConversationSummary[]>;
  searchConversations(query: string): Promise<readonly SearchHit[]>;
  createConversation(body: z.infer<typeof createConversationBody>): Promise<void>;
  updateConversation(id: string, body: ConversationChange): Promise<void>;
  /** Opens a copy; resolves with its id. */
  forkConversation(id: string): Promise<string>;
  /** The file as the gateway wrote it. */
  exportConversation(id: string, format: 'json' | 'markdown'): Promise<string>;
  listModels(): Promise<readonly ModelCard[]>;
  listAgents(): Promise<readonly Agent[]>;
  /** Makes a private agent. */
  createAgent(draft: AgentDraft): Promise<Agent>;
  changeAgent(name: string, changes: AgentChanges): Promise<Agent>;
  removeAgent(name: string): Promise<void>;
  listTools(agent: string): Promise<ToolListing>;
  effectiveRules(): Promise<ReplyOf<typeof getEffectiveRules>>;
  usage(query: UsageQuery): Promise<ReplyOf<typeof reportUsage>>;
  limits(): Promise<LimitsReport>;
  /** The newest 200. */
  listMemories(): Promise<ReplyOf<typeof listMemories>>;
  /** Messages and memories, best first. */
  searchMemory(words: string): Promise<ReplyOf<typeof searchPassages>>;
  saveMemory(text: string): Promise<z.infer<typeof savedMemoryReply>>;
  removeMemory(id: string): Promise<void>;
  storage(): Promise<StorageReport>;
  restoreConversation(id: string): Promise<ReplyOf<typeof restoreConversation>>;
  giveFeedback(given: RequestOf<typeof giveFeedback>): Promise<ReplyOf<typeof giveFeedback>>;
  acceptSuggestion(id: string): Promise<void>;
}

interface RestRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
}

type Contracts = typeof import('@mosaic/proto');

/** The forms of replies, taken from the whole contract: it is read with the first reply that needs it. */
const forms = {
  agent: ({ getAgent }: Contracts) => getAgent.reply,
  agents: ({ listAgents }: Contracts) => listAgents.reply,
  conversations: ({ listConversations }: Contracts) => listConversations.reply,
  feedback: ({ giveFeedback }: Contracts) => giveFeedback.reply,
  found: ({ searchConversations }: Contracts) => searchConversations.reply,
  limits: ({ limitsReportSchema }: Contracts) => limitsReportSchema,
  memories: ({ listMemories }: Contracts) => listMemories.reply,
  models: ({ listModels }: Contracts) => listModels.reply,
  restored: ({ restoreConversation }: Contracts) => restoreConversation.reply,
  rules: ({ getEffectiveRules }: Contracts) => getEffectiveRules.reply,
  passages: ({ searchPassages }: Contracts) => searchPassages.reply,
  saved: ({ savedMemoryReply }: Contracts) => savedMemoryReply,
  storage: ({ storageReportSchema }: Contracts) => storageReportSchema,
  tools: ({ listTools }: Contracts) => listTools.reply,
  usage: ({ reportUsage }: Contracts) => reportUsage.reply,
};

const timeoutMs = 15_000;
const conversationPath = (id: string) => `/api/conversations/${encodeURIComponent(id)}`;
const agentPath = (name: string) => `/api/agents/${encodeURIComponent(name)}`;

export function makeRestClient(options: RestClientOptions): RestClient {
  /** Resolves with the body as it came; what nobody reads is not looked at. */
  const ask = (path: string, request: RestRequest = {}) =>
    fetchText(new URL(path, options.url), options.readToken(), request);
  const read = async <Form extends z.ZodType>(
    form: (contracts: Contracts) => Form,
    path: string,
    request?: RestRequest,
  ) => parseReply(form(await import('@mosaic/proto')), await ask(path, request), path);
  return {
    listConversations: async () =>
      (await read(forms.conversations, '/api/conversations?limit=100')).conversations,
    searchConversations: async (query) =>
      (await read(forms.found, `/api/conversations/search?q=${encodeURIComponent(query)}`)).hits,
    async createConversation(body) {
      await ask('/api/conversations', { method: 'POST', body });
    },
    async updateConversation(id, body) {
      await ask(conversationPath(id), { method: 'PATCH', body });
    },
    async forkConversation(id) {
      const body = { id: makeId() };
      await ask(`${conversationPath(id)}/fork`, { method: 'POST', body });
      return body.id;
    },
    async exportConversation(id, format) {
      const text = await ask(`${conversationPath(id)}/export?format=${format}`);
      return format === 'markdown' ? text : `${JSON.stringify(readJson(text), null, 2)}\n`;
    },
    listModels: async () => (await read(forms.models, '/api/models')).models,
    listAgents: async () => (await read(forms.agents, '/api/agents')).agents,
    createAgent: async (body) =>
      (await read(forms.agent, '/api/agents', { method: 'POST', body })).agent,
    changeAgent: async (name, body) =>
      (await read(forms.agent, agentPath(name), { method: 'PATCH', body })).agent,
    async removeAgent(name) {
      await ask(agentPath(name), { method: 'DELETE' });
    },
    listTools: (agent) => read(forms.tools, `/api/tools?agent=${encodeURIComponent(agent)}`),
    effectiveRules: () => read(forms.rules, '/api/routing/rules/effective'),
    usage: ({ by, from, to }) => read(forms.usage, `/api/usage?from=${from}&to=${to}&by=${by}`),
    limits: () => read(forms.limits, '/api/usage/limits'),
    listMemories: () => read(forms.memories, '/api/memory?limit=200'),
    searchMemory: (words) =>
      read(forms.passages, `/api/memory/search?limit=20&q=${encodeURIComponent(words)}`),
    saveMemory: (text) => read(forms.saved, '/api/memory', { method: 'POST', body: { text } }),
    async removeMemory(id) {
      await ask(`/api/memory/${encodeURIComponent(id)}`, { method: 'DELETE' });
    },
    giveFeedback: (body) => read(forms.feedback, '/api/routing/feedback', { method: 'POST', body }),
    storage: () => read(forms.storage, '/api/storage'),
    restoreConversation: (id) =>
      read(forms.restored, `${conversationPath(id)}/restore`, { method: 'POST', body: {} }),
    async acceptSuggestion(id) {
      const path = `/api/routing/suggestions/${encodeURIComponent(id)}/accept`;
      await ask(path, { method: 'POST', body: {} });
    },
  };
}

function parseReply<Form extends z.ZodType>(form: Form, text: string, path: string): z.infer<Form> {
  const parsed = form.safeParse(readJson(text));
  if (parsed.success) return parsed.data;
  const { pathname } = new URL(path, 'http://localhost');
  throw new MosaicError('internal', `${pathname} answered in an unknown form.`, {
    cause: parsed.error,
  });
}

/** The body of a good answer. Throws the gateway's own error for any other. */
async function fetchText(
  url: URL,
  token: string | undefined,
  { method = 'GET', body }: RestRequest,
): Promise<string> {
  const reply = await requestText(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs,
  }).catch((cause: unknown) => {
    throw new MosaicError('service_unavailable', `Mosaic is not reachable at ${url.origin}.`, {
      cause,
    });
  });
  if (reply.status < 200 || reply.status >= 300) throw errorOf(reply.status, reply.text);
  return reply.text;
}

function errorOf(status: number, text: string): MosaicError {
  const own = errorBodySchema.safeParse(readJson(text));
  if (own.success) return new MosaicError(own.data.error.code, own.data.error.message);
  return new MosaicError(codeOfStatus(status));
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
