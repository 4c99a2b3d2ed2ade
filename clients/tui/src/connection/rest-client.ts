import {
  type Agent,
  type ConversationSummary,
  codeOfStatus,
  type createConversationBody,
  errorBodySchema,
  giveFeedback,
  listAgents,
  listConversations,
  listModels,
  type ModelCard,
  MosaicError,
  type ReplyOf,
  type RequestOf,
  searchConversations,
  type updateConversationBody,
} from '@mosaic/proto';
import { z } from 'zod';

export interface RestClientOptions {
  readonly url: string;
  readonly readToken: () => string | undefined;
}

export type SearchHit = z.infer<typeof searchConversations.reply>['hits'][number];

/** The gateway's routes that the terminal needs. Every method throws a `MosaicError`. */
export interface RestClient {
  listConversations(): Promise<readonly ConversationSummary[]>;
  searchConversations(query: string): Promise<readonly SearchHit[]>;
  createConversation(body: z.infer<typeof createConversationBody>): Promise<void>;
  updateConversation(id: string, body: z.infer<typeof updateConversationBody>): Promise<void>;
  listModels(): Promise<readonly ModelCard[]>;
  listAgents(): Promise<readonly Agent[]>;
  giveFeedback(given: RequestOf<typeof giveFeedback>): Promise<ReplyOf<typeof giveFeedback>>;
  acceptSuggestion(id: string): Promise<void>;
}

interface RestRequest<Reply extends z.ZodType> {
  readonly method?: 'GET' | 'POST' | 'PATCH';
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
  { method = 'GET', body, reply }: RestRequest<Reply>,
): Promise<z.infer<Reply>> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new MosaicError('service_unavailable', `Mosaic is not reachable at ${url.origin}.`, {
      cause,
    });
  });
  const text = await response.text();
  if (!response.ok) throw errorOf(response.status, text);
  const parsed = reply.safeParse(readJson(text));
  if (parsed.success) return parsed.data;
  throw new MosaicError('internal', `${url.pathname} answered in an unknown form.`, {
    cause: parsed.error,
  });
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
