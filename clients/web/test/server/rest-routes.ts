import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Agent,
  answerApprovalBody,
  type ConversationSummary,
  commandManifest,
  createConversationBody,
  type ModelCard,
  type ToolListing,
  updateConversationBody,
} from '@mosaic/proto';
import { ConversationLog } from './conversation-log.ts';

const card = (provider: ModelCard['provider'], model: string, name: string): ModelCard => ({
  provider,
  model,
  name,
  contextTokens: 200_000,
  maxOutputTokens: 32_000,
  capabilities: ['tools'],
  price: {
    input: 3,
    output: 15,
    cacheRead: null,
    cacheWrite5m: null,
    cacheWrite1h: null,
    tiers: [],
    source: 'test',
    asOf: '2026-01-01',
  },
  isAvailable: provider !== 'zai',
  unavailableReason: provider === 'zai' ? 'no key: set ZAI_API_KEY' : null,
});

const models: readonly ModelCard[] = [
  card('anthropic', 'claude-opus-4-6', 'Claude Opus 4.6'),
  card('anthropic', 'claude-sonnet-4-6', 'Claude Sonnet 4.6'),
  card('openai', 'gpt-5.4', 'gpt-5.4'),
  card('zai', 'glm-5', 'GLM-5'),
];

const agent = (name: string, description: string): Agent => ({
  name,
  description,
  systemPrompt: '',
  model: null,
  tools: [],
  scope: 'system',
});
const agents: readonly Agent[] = [
  agent('assistant', 'Answers anything, without tools.'),
  agent('coding-agent', 'Reads and changes files in its folder.'),
];

export type Conversations = Map<string, ConversationLog>;

function summaryOf({ id, events, view }: ConversationLog): ConversationSummary {
  const at = (index: number): string => events.at(index)?.at ?? new Date().toISOString();
  const { title, agent: name, model, messages, seq } = view;
  const times = { createdAt: at(0), updatedAt: at(-1) };
  const { isArchived, isIncognito, isPinned } = view;
  const arranged = { isArchived, isIncognito, isPinned, tags: [...view.tags] };
  const counts = { messageCount: messages.length, seq };
  return { id, title, agent: name, model, ...counts, ...arranged, ...times };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : JSON.parse(text);
}

export function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function search(conversations: Conversations, query: string) {
  return [...conversations.values()].flatMap(({ id, events, view }) =>
    events.flatMap((event) =>
      event.type === 'message.added' && event.text.includes(query)
        ? [
            {
              conversationId: id,
              title: view.title,
              messageId: event.messageId,
              role: 'user',
              snippet: event.text.replace(query, `«${query}»`),
              at: event.at,
              score: 1,
            },
          ]
        : [],
    ),
  );
}

const working = { isAvailable: true, unavailableReason: null, advice: null };
const isOff = { isAvailable: false, unavailableReason: 'The shell is off.', advice: 'Turn it on.' };
const git = [{ argument: 'command', matches: 'git .*' }];
const builtIn = { server: null, exceptions: [] };

const tools: Omit<ToolListing, 'agent'> = {
  tools: [
    { name: 'web_fetch', summary: 'Reads a page.', ...builtIn, policy: 'ask', ...working },
    {
      ...{ name: 'shell', summary: 'Runs a command.', ...builtIn, policy: 'deny', ...isOff },
      exceptions: [{ policy: 'allow', when: git }],
    },
  ],
  servers: [],
  unmatched: [],
};

function change(log: ConversationLog, body: unknown): void {
  const { title, model, agent: name } = updateConversationBody.parse(body);
  if (title !== undefined) log.log.append({ type: 'conversation.renamed', title, by: 'user' });
  if (model !== undefined) log.log.append({ type: 'conversation.model-pinned', model });
  if (name !== undefined) log.log.append({ type: 'conversation.agent-changed', agent: name });
}

async function approve(
  log: ConversationLog,
  callId: string,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const body = answerApprovalBody.parse(await readBody(request));
  if (log.answerApproval(decodeURIComponent(callId), body.answer)) answer(response, 200, {});
  else answer(response, 409, { error: { code: 'conflict', message: 'Answered already.' } });
}

const conversationPath = /^\/api\/conversations\/([\w-]+)(?:\/approvals\/([^/]+))?$/;

/** The documented routes that the client uses, over conversations kept in memory. */
export async function serveRest(
  request: IncomingMessage,
  response: ServerResponse,
  conversations: Conversations,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, id, callId] = conversationPath.exec(url.pathname) ?? [];
  if (url.pathname === '/api/me') return answer(response, 200, { name: 'Ana' });
  if (url.pathname === '/api/commands') return answer(response, 200, { commands: commandManifest });
  if (url.pathname === '/api/models') return answer(response, 200, { models });
  if (url.pathname === '/api/agents') return answer(response, 200, { agents });
  if (url.pathname === '/api/tools') {
    return answer(response, 200, { ...tools, agent: url.searchParams.get('agent') });
  }
  if (url.pathname === '/api/conversations/search') {
    const hits = search(conversations, url.searchParams.get('q') ?? '');
    return answer(response, 200, { hits });
  }
  if (url.pathname === '/api/conversations' && request.method === 'POST') {
    const body = createConversationBody.parse(await readBody(request));
    const created = new ConversationLog(body.id ?? '');
    conversations.set(created.id, created);
    created.log.append({
      type: 'conversation.created',
      title: null,
      agent: body.agent ?? 'assistant',
      model: body.model ?? null,
    });
    return answer(response, 201, { id: created.id });
  }
  if (url.pathname === '/api/conversations') {
    const list = [...conversations.values()].reverse().map(summaryOf);
    return answer(response, 200, { conversations: list, nextCursor: null });
  }
  const log = conversations.get(id ?? '');
  if (log === undefined) {
    return answer(response, 404, {
      error: { code: 'not_found', message: 'There is no such thing.' },
    });
  }
  if (callId !== undefined) return approve(log, callId, { request, response });
  if (request.method === 'PATCH') change(log, await readBody(request));
  if (request.method === 'DELETE') conversations.delete(log.id);
  answer(response, 200, {});
}
