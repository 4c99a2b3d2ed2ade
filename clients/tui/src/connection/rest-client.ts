import {
  type Agent,
  type AgentChanges,
  type AgentDraft,
  type ConversationSummary,
  codeOfStatus,
  type createConversationBody,
  errorBodySchema,
  getAgent,
  getEffectiveRules,
  giveFeedback,
  type LimitsReport,
  limitsReportSchema,
  listAgents,
  listConversations,
  listMemories,
  listModels,
  type ModelCard,
  MosaicError,
  makeId,
  type ReplyOf,
  type RequestOf,
  reportUsage,
  restoreConversation,
  type StorageReport,
  savedMemoryReply,
  searchConversations,
  storageReportSchema,
  type UsageQuery,
  type updateConversationBody,
} from '@mosaic/proto';
import { z } from 'zod';
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
  effectiveRules(): Promise<ReplyOf<typeof getEffectiveRules>>;
  usage(query: UsageQuery): Promise<ReplyOf<typeof reportUsage>>;
  limits(): Promise<LimitsReport>;
  /** The newest 200. */
  listMemories(): Promise<ReplyOf<typeof listMemories>>;
  saveMemory(text: string): Promise<z.infer<typeof savedMemoryReply>>;
  removeMemory(id: string): Promise<void>;
  storage(): Promise<StorageReport>;
  restoreConversation(id: string): Promise<ReplyOf<typeof restoreConversation>>;
  giveFeedback(given: RequestOf<typeof giveFeedback>): Promise<ReplyOf<typeof giveFeedback>>;
  acceptSuggestion(id: string): Promise<void>;
}

interface RestRequest<Reply extends z.ZodType> {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly reply: Reply;
}

const timeoutMs = 15_000;
const anyReply = z.unknown();

export function makeRestClient(options: RestClientOptions): RestClient {
  const call = <Reply extends z.ZodType>(path: string, request: RestRequest<Reply>) =>
    callRoute(new URL(path, options.url), options.readToken(), request);
  return {
    async listConversations() {
      return (await call('/api/conversations?limit=100', { reply: listConversations.reply }))
        .conversations;
    },
    async searchConversations(query) {
      const path = `/api/conversations/search?q=${encodeURIComponent(query)}`;
      return (await call(path, { reply: searchConversations.reply })).hits;
    },
    async createConversation(body) {
      await call('/api/conversations', { method: 'POST', body, reply: anyReply });
    },
    async updateConversation(id, body) {
      const path = `/api/conversations/${encodeURIComponent(id)}`;
      await call(path, { method: 'PATCH', body, reply: anyReply });
    },
    async listModels() {
      return (await call('/api/models', { reply: listModels.reply })).models;
    },
    async listAgents() {
      return (await call('/api/agents', { reply: listAgents.reply })).agents;
    },
    async createAgent(body) {
      return (await call('/api/agents', { method: 'POST', body, reply: getAgent.reply })).agent;
    },
    async changeAgent(name, body) {
      const request = { method: 'PATCH', body, reply: getAgent.reply } as const;
      return (await call(`/api/agents/${encodeURIComponent(name)}`, request)).agent;
    },
    async removeAgent(name) {
      const request = { method: 'DELETE', reply: anyReply } as const;
      await call(`/api/agents/${encodeURIComponent(name)}`, request);
    },
    async forkConversation(id) {
      const body = { id: makeId() };
      const path = `/api/conversations/${encodeURIComponent(id)}/fork`;
      await call(path, { method: 'POST', body, reply: anyReply });
      return body.id;
    },
    async exportConversation(id, format) {
      const path = `/api/conversations/${encodeURIComponent(id)}/export?format=${format}`;
      const text = await fetchText(new URL(path, options.url), options.readToken(), {});
      return format === 'markdown' ? text : `${JSON.stringify(readJson(text), null, 2)}\n`;
    },
    effectiveRules: () => call('/api/routing/rules/effective', { reply: getEffectiveRules.reply }),
    usage: ({ by, from, to }) =>
      call(`/api/usage?from=${from}&to=${to}&by=${by}`, { reply: reportUsage.reply }),
    listMemories: () => call('/api/memory?limit=200', { reply: listMemories.reply }),
    saveMemory: (text) =>
      call('/api/memory', { method: 'POST', body: { text }, reply: savedMemoryReply }),
    async removeMemory(id) {
      const request = { method: 'DELETE', reply: anyReply } as const;
      await call(`/api/memory/${encodeURIComponent(id)}`, request);
    },
    storage: () => call('/api/storage', { reply: storageReportSchema }),
    restoreConversation(id) {
      const path = `/api/conversations/${encodeURIComponent(id)}/restore`;
      return call(path, { method: 'POST', body: {}, reply: restoreConversation.reply });
    },
    limits: () => call('/api/usage/limits', { reply: limitsReportSchema }),
    giveFeedback: (body) =>
      call('/api/routing/feedback', { method: 'POST', body, reply: giveFeedback.reply }),
    async acceptSuggestion(id) {
      const path = `/api/routing/suggestions/${encodeURIComponent(id)}/accept`;
      await call(path, { method: 'POST', body: {}, reply: anyReply });
    },
  };
}

async function callRoute<Reply extends z.ZodType>(
  url: URL,
  token: string | undefined,
  { reply, ...request }: RestRequest<Reply>,
): Promise<z.infer<Reply>> {
  const parsed = reply.safeParse(readJson(await fetchText(url, token, request)));
  if (parsed.success) return parsed.data;
  throw new MosaicError('internal', `${url.pathname} answered in an unknown form.`, {
    cause: parsed.error,
  });
}

/** The body of a good answer. Throws the gateway's own error for any other. */
async function fetchText(
  url: URL,
  token: string | undefined,
  { method = 'GET', body }: Pick<RestRequest<z.ZodType>, 'method' | 'body'>,
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
