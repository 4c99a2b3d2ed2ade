import { join } from 'node:path';
import { startPglite } from '@mosaic/embedded-servers';
import {
  type ConversationEvent,
  createRule,
  decideRoute,
  getEffectiveRules,
  listAgents,
  listConversations,
  listEvents,
  listModels,
  type RequestOf,
  type RouteDecision,
} from '@mosaic/proto';
import {
  type Bus,
  openDatabase,
  type RunningService,
  type SignedCaller,
  startService,
} from '@mosaic/service-kit';
import { temporaryDirectory, waitFor } from '@mosaic/test-kit';
import { startRealBus } from '@mosaic/test-kit/bus';
import { assertReadable } from '../../src/app/saving/check-rule.ts';
import { routerService } from '../../src/main.ts';
import { openRuleStore } from '../../src/stores/rule-store.ts';
import type { RouterTables } from '../../src/stores/tables.ts';
import { exampleCards } from './example-cards.ts';

type Question = RequestOf<typeof decideRoute>;

/** A real bus, a real database, and routers between them; who they ask is played by the test. */
export async function startRulesStack() {
  const bus = await startRealBus();
  const directory = await temporaryDirectory();
  const startDatabase = (port: number) =>
    startPglite({ dataDir: join(directory.path, 'db'), dumps: false, port });
  let database = await startDatabase(0);
  const databaseUrl = database.url;
  // The usual five seconds are for people; a busy machine may need longer for the database.
  const timings = { requestMs: 60_000 };
  const [agents, gateway, memory, providers] = await Promise.all([
    bus.connect('agents', { timings }),
    bus.connect('gateway', { timings }),
    bus.connect('memory'),
    bus.connect('providers'),
  ]);
  providers.handle(listModels, async () => ({ models: [...exampleCards] }));
  agents.handle(listAgents, async () => ({
    agents: [agent('assistant', null), agent('coder', 'claude-opus-4-6')],
  }));
  const logs = new Map<string, ConversationEvent[]>();
  playMemory(memory, logs);
  const services: RunningService[] = [];
  const env = {
    ...(await bus.environment('router')),
    DATABASE_URL: databaseUrl,
    MOSAIC_LOG_LEVEL: 'silent',
  };

  return {
    bus,
    gateway,
    agents,
    databaseUrl,
    /** Events by `<user>/<conversation>`, as memory would have them. */
    logs,
    /** Starts a router (again); several make replicas. It is ready when this resolves. */
    async startRouter(changes: Record<string, string | undefined> = {}) {
      const service = await startService(routerService, { ...env, ...changes });
      services.push(service);
      await waitFor(async () => (await service.notReady()).length === 0, {
        timeoutMs: 60_000,
        what: 'a router that is ready',
      });
      return service;
    },
    async decide(
      caller: SignedCaller,
      text: string,
      more: Partial<Question> = {},
    ): Promise<RouteDecision> {
      const needs = { tools: false, vision: false };
      const question = { text, needs, contextTokens: 10, ...more };
      return (await gateway.call(decideRoute, question, { caller })).decision;
    },
    async add(caller: SignedCaller, rule: Record<string, unknown>) {
      return (await gateway.call(createRule, { rule }, { caller })).rule;
    },
    /** Decides so often that every replica answers, but for one time in a million. */
    decideEverywhere: async (caller: SignedCaller, text: string): Promise<RouteDecision[]> => {
      const needs = { tools: false, vision: false };
      const question = { text, needs, contextTokens: 10 };
      const ask = () => gateway.call(decideRoute, question, { caller });
      const answers = await Promise.all(Array.from({ length: 21 }, ask));
      return answers.map(({ decision }) => decision);
    },
    effective: (caller: SignedCaller) => gateway.call(getEffectiveRules, {}, { caller }),
    /** Saves a rule as another replica would whose news got lost on the way. */
    async saveSilently(userId: string, draft: Record<string, unknown>) {
      const db = openDatabase<RouterTables>({
        url: databaseUrl,
        schema: 'router',
        role: 'router_app',
        migrationsDir: join(import.meta.dirname, '..', '..', 'migrations'),
      });
      const rule = assertReadable(draft);
      await openRuleStore(db).createRule({ userId, role: 'member' }, rule);
      await db.close();
    },
    stopDatabase: () => database.stop(),
    async startDatabase() {
      database = await startDatabase(Number(new URL(databaseUrl).port));
    },
    async stop() {
      await Promise.all(services.map((one) => one.stop()));
      await database.stop();
      await bus.stop();
      await directory.remove();
    },
  };
}

export type RulesStack = Awaited<ReturnType<typeof startRulesStack>>;

function agent(name: string, model: string | null) {
  const scope = 'system' as const;
  return { name, description: '', systemPrompt: '', model, tools: [], scope };
}

function playMemory(memory: Bus, logs: ReadonlyMap<string, readonly ConversationEvent[]>): void {
  memory.handle(listConversations, async (_, { caller }) => {
    const mine = [...logs].filter(([key]) => key.startsWith(`${caller.userId}/`));
    const conversations = mine.map(([key, events]) => ({
      id: key.split('/')[1] ?? '',
      title: null,
      agent: 'assistant',
      model: null,
      messageCount: events.length,
      seq: events.length,
      createdAt: events[0]?.at ?? '',
      updatedAt: events.at(-1)?.at ?? '',
    }));
    conversations.sort((left, right) => (left.updatedAt < right.updatedAt ? 1 : -1));
    return { conversations, nextCursor: null };
  });
  memory.handle(listEvents, async ({ afterSeq, conversationId, limit }, { caller }) => {
    const events = logs.get(`${caller.userId}/${conversationId}`) ?? [];
    const after = events.filter(({ seq }) => seq > afterSeq);
    return { events: after.slice(0, limit), hasMore: after.length > limit };
  });
}
