/** What Bob has, by which Ada tries to get at it. */
export interface Loot {
  readonly userId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly memoryId: string;
  readonly ruleId: string;
  readonly keyId: string;
  readonly preferenceKey: string;
  readonly agentName: string;
  readonly suggestionId: string;
  readonly exemplarId: string;
  /** Conversations whose ids Ada takes for her own as well, by requests and by events. */
  readonly twinId: string;
  readonly lureId: string;
}

/** One thing that Ada asks. */
export interface Probe {
  readonly path: string;
  readonly body?: unknown;
  /** Another than the route's own. */
  readonly method?: string;
  /** Refused: it names something of Bob's, or is for administrators. Own: it is answered, with hers. */
  readonly expects: 'refused' | 'own';
}

type Make = (bob: Loot) => readonly Probe[];

const refused = (path: string, body?: unknown): Probe => ({ path, body, expects: 'refused' });
const own = (path: string, body?: unknown): Probe => ({ path, body, expects: 'own' });
const nothing: Make = () => [];
const message = { role: 'user', content: 'What is the capital of Peru?' };
const rule = { name: 'mine', when: [], then: { model: 'gpt-5.4' } };

const adminOnly: Record<string, Make> = {
  'admin-jobs.ts GET /': () => [refused('/api/admin/jobs')],
  'admin-jobs.ts GET /:queue/:id': ({ conversationId, userId }) => [
    refused(`/api/admin/jobs/conversations/title-${userId}-${conversationId}`),
  ],
  'admin-jobs.ts POST /:queue/:id/retry': ({ conversationId, userId }) => [
    refused(`/api/admin/jobs/conversations/title-${userId}-${conversationId}/retry`, {}),
  ],
  'admin-jobs.ts DELETE /:queue/:id': ({ conversationId, userId }) => [
    refused(`/api/admin/jobs/conversations/title-${userId}-${conversationId}`),
  ],
  'admin-jobs.ts GET /schedules': () => [refused('/api/admin/jobs/schedules')],
  'admin-jobs.ts POST /schedules': () => [refused('/api/admin/jobs/schedules', {})],
  'admin-jobs.ts PATCH /schedules/:id': () => [refused('/api/admin/jobs/schedules/x', {})],
  'admin-jobs.ts DELETE /schedules/:id': () => [refused('/api/admin/jobs/schedules/x')],
  'admin.ts GET /services': () => [refused('/api/admin/services')],
  'admin.ts GET /users': () => [refused('/api/admin/users')],
  'admin.ts GET /channels': () => [refused('/api/admin/channels')],
  'admin.ts POST /channels': ({ userId }) => [
    refused('/api/admin/channels', { id: 'spy', ownerUserId: userId }),
  ],
  'admin/remove-users.ts DELETE /:id': ({ userId }) => [refused(`/api/admin/users/${userId}`)],
  'admin/user-limits.ts GET /:id/limits': ({ userId }) => [
    refused(`/api/admin/users/${userId}/limits`),
  ],
  'admin/user-limits.ts PUT /:id/limits': ({ userId }) => [
    refused(`/api/admin/users/${userId}/limits`, { budgetUsdPerDay: 0 }),
  ],
  'admin/user-limits.ts DELETE /:id/limits': ({ userId }) => [
    refused(`/api/admin/users/${userId}/limits`),
  ],
  'memory/preferences.ts PUT /:key': ({ preferenceKey }) => [
    refused(`/api/admin/preferences/${preferenceKey}`, { value: 'stolen', isFixed: true }),
    own(`/api/preferences/${preferenceKey}`, { value: 'of ada' }),
  ],
  'memory/storage.ts GET /': () => [refused('/api/admin/storage')],
  'routing/tiers.ts PUT /:name': () => [refused('/api/routing/tiers/cheap', { models: [] })],
  'routing/tiers.ts DELETE /:name': () => [refused('/api/routing/tiers/cheap')],
};

const conversations: Record<string, Make> = {
  'care/import.ts POST /import': ({ conversationId, messageId }) => [
    own('/api/import', {
      conversation: { id: conversationId, title: 'of ada' },
      events: [
        {
          type: 'message.added',
          conversationId,
          seq: 1,
          at: '2026-01-01T00:00:00.000Z',
          messageId,
          text: 'ada was here',
        },
      ],
    }),
  ],
  'conversations.ts GET /': () => [own('/api/conversations?archived=with&limit=200')],
  'conversations.ts GET /search': () => [own('/api/conversations/search?q=canary%20bob')],
  // The same id is another conversation, because the user is a part of its address.
  'conversations.ts POST /': ({ conversationId }) => [
    own('/api/conversations', { id: conversationId, title: 'of ada' }),
    { ...own(`/api/conversations/${conversationId}`), method: 'GET' },
  ],
  'conversations.ts GET /:id': (bob) => onBobs(bob, ''),
  'conversations.ts PATCH /:id': (bob) => onBobs(bob, '', { title: 'stolen', tags: ['stolen'] }),
  'conversations.ts DELETE /:id': (bob) => onBobs(bob, ''),
  'conversations.ts POST /:id/fork': (bob) => onBobs(bob, '/fork', {}),
  'conversations.ts GET /:id/export': (bob) => [
    ...onBobs(bob, '/export'),
    ...onBobs(bob, '/export?format=markdown'),
  ],
  'messages.ts GET /:id/messages': (bob) => onBobs(bob, `/messages?before=${bob.messageId}`),
  'messages.ts POST /:id/messages': (bob) => onBobs(bob, '/messages', { text: 'stolen' }),
  'messages.ts POST /:id/cancel': (bob) => onBobs(bob, '/cancel', {}),
  'messages.ts GET /:id/events': (bob) => onBobs(bob, '/events?after=0'),
};

/** Bob's second conversation, whose id Ada has not used for one of her own. */
function onBobs(bob: Loot, rest: string, body?: unknown): readonly Probe[] {
  return [refused(`/api/conversations/${bob.conversationId}${rest}`, body)];
}

const memories: Record<string, Make> = {
  'memory/memories.ts GET /': () => [own('/api/memory?superseded=1&limit=200')],
  'memory/memories.ts POST /': () => [own('/api/memory', { text: 'Ada was here' })],
  'memory/memories.ts GET /:id': ({ memoryId }) => [refused(`/api/memory/${memoryId}`)],
  'memory/memories.ts PATCH /:id': ({ memoryId }) => [
    refused(`/api/memory/${memoryId}`, { text: 'stolen' }),
  ],
  'memory/memories.ts DELETE /:id': ({ memoryId }) => [refused(`/api/memory/${memoryId}`)],
  'memory/memories.ts DELETE /': () => [own('/api/memory?all=1')],
  'memory/search-memory.ts GET /search': () => [own('/api/memory/search?q=canary%20bob')],
  'memory/search-memory.ts GET /embeddings': () => [own('/api/memory/embeddings')],
  'memory/storage.ts GET /storage': () => [own('/api/storage')],
  'memory/storage.ts POST /conversations/:id/restore': ({ conversationId }) => [
    refused(`/api/conversations/${conversationId}/restore`, {}),
  ],
  'memory/preferences.ts GET /': () => [own('/api/preferences')],
  'memory/preferences.ts GET /:key': ({ preferenceKey }) => [
    own(`/api/preferences/${preferenceKey}`),
  ],
};

const rules: Record<string, Make> = {
  'routing/routing.ts POST /explain': () => [own('/api/routing/explain', { text: 'canary bob' })],
  'routing/routing.ts POST /replay': () => [own('/api/routing/replay', { rules: [] })],
  'routing/rules.ts GET [path]': () => [
    own('/api/routing/rules'),
    own('/api/routing/rules/effective'),
  ],
  'routing/rules.ts POST /reorder': ({ ruleId }) => [
    refused('/api/routing/rules/reorder', { ids: [ruleId] }),
  ],
  'routing/rules.ts POST /lint': () => [own('/api/routing/rules/lint', { rules: [rule] })],
  'routing/rules.ts POST /': () => [own('/api/routing/rules', rule)],
  'routing/rules.ts PATCH /:id': ({ ruleId }) => [
    refused(`/api/routing/rules/${ruleId}`, { ...rule, name: 'stolen' }),
  ],
  'routing/rules.ts DELETE /:id': ({ ruleId }) => [refused(`/api/routing/rules/${ruleId}`)],
  'routing/rules.ts GET /:id/history': ({ ruleId }) => [
    refused(`/api/routing/rules/${ruleId}/history`),
  ],
  'routing/tiers.ts GET /': () => [own('/api/routing/tiers')],
  'routing/tiers.ts GET /:name/history': () => [own('/api/routing/tiers/cheap/history')],
};

const agents: Record<string, Make> = {
  'agents/agents.ts GET /': () => [own('/api/agents')],
  'agents/agents.ts POST /': () => [
    own('/api/agents', { name: 'of-ada', description: 'hers', systemPrompt: 'Rhyme.' }),
  ],
  'agents/agents.ts GET /:name': ({ agentName }) => [refused(`/api/agents/${agentName}`)],
  'agents/agents.ts PATCH /:name': ({ agentName }) => [
    refused(`/api/agents/${agentName}`, { description: 'stolen' }),
  ],
  'agents/agents.ts DELETE /:name': ({ agentName }) => [refused(`/api/agents/${agentName}`)],
  'agents/tools.ts GET /': ({ agentName }) => [
    own('/api/tools'),
    refused(`/api/tools?agent=${agentName}`),
  ],
  'messages.ts POST /:id/approvals/:callId': (bob) =>
    onBobs(bob, '/approvals/call_1', { answer: 'once' }),
  'conversations.ts GET /:id/metrics': (bob) => onBobs(bob, '/metrics'),
};

const learning: Record<string, Make> = {
  'routing/routing.ts POST /replay-turn': ({ conversationId, messageId }) => [
    refused('/api/routing/replay-turn', { conversationId, messageId }),
  ],
  'routing/learning.ts POST /feedback': ({ conversationId, messageId }) => [
    refused('/api/routing/feedback', { conversationId, messageId, kind: 'up' }),
  ],
  'routing/learning.ts GET /feedback': () => [own('/api/routing/feedback')],
  'routing/learning.ts GET /exemplars': () => [own('/api/routing/exemplars')],
  'routing/learning.ts DELETE /exemplars/:id': ({ exemplarId }) => [
    refused(`/api/routing/exemplars/${exemplarId}`),
  ],
  'routing/learning.ts GET /suggestions': () => [own('/api/routing/suggestions')],
  'routing/learning.ts POST /suggestions/:id/accept': ({ suggestionId }) => [
    refused(`/api/routing/suggestions/${suggestionId}/accept`, {}),
  ],
  'routing/learning.ts POST /suggestions/:id/dismiss': ({ suggestionId }) => [
    refused(`/api/routing/suggestions/${suggestionId}/dismiss`, {}),
  ],
};

const others: Record<string, Make> = {
  // Her own account goes at the end, elsewhere.
  'admin/remove-users.ts DELETE /account': nothing,
  'catalogue.ts GET /me': () => [own('/api/me')],
  'catalogue.ts GET /models': () => [own('/api/models')],
  'catalogue.ts POST /providers/:name/test': () => [own('/api/providers/anthropic/test', {})],
  'catalogue.ts GET /commands': () => [own('/api/commands')],
  'door-anthropic.ts POST /': () => [
    own('/v1/messages', { model: 'auto', max_tokens: 50, messages: [message] }),
  ],
  'door-openai.ts GET /models': () => [own('/v1/models')],
  'door-openai.ts POST /chat/completions': () => [
    own('/v1/chat/completions', { model: 'auto', messages: [message] }),
  ],
  'door-openai.ts POST /embeddings': () => [own('/v1/embeddings', { model: 'x', input: 'y' })],
  'health.ts GET /healthz': () => [own('/healthz')],
  'health.ts GET /readyz': () => [own('/readyz')],
  'health.ts GET /metrics': () => [own('/metrics')],
  'keys.ts GET /': () => [own('/api/keys')],
  'keys.ts POST /': () => [own('/api/keys', { name: 'of ada' })],
  'keys.ts DELETE /:id': ({ keyId }) => [refused(`/api/keys/${keyId}`)],
  'providers/provider-credentials.ts GET /providers': () => [own('/api/providers')],
  'providers/provider-credentials.ts GET [path]': () => [own('/api/providers/openai/credentials')],
  'providers/provider-credentials.ts PUT [path]': () => [
    own('/api/providers/openai/credentials', { key: 'sk-of-ada-123456', skipTest: true }),
  ],
  'providers/provider-credentials.ts DELETE [path]': () => [
    own('/api/providers/openai/credentials'),
  ],
  'usage.ts GET /usage': () => [own('/api/usage')],
  'usage.ts GET /usage/limits': () => [own('/api/usage/limits')],
};

/** What Ada asks of each route of the gateway; the test fails for a route that is not here. */
export const probes: Readonly<Record<string, Make>> = {
  ...adminOnly,
  ...conversations,
  ...memories,
  ...rules,
  ...learning,
  ...agents,
  ...others,
};
