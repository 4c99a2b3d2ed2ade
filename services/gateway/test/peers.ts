import {
  type Agent,
  answerApproval,
  type CatalogueNews,
  type CompletionPart,
  type ConversationEvent,
  conversationLog,
  createConversation,
  createEmbedding,
  decideRoute,
  deleteConversation,
  type FactOf,
  getAgent,
  getConversation,
  inbox,
  listAgents,
  listConversations,
  listJobs,
  listModels,
  listProviders,
  listRules,
  listTools,
  live,
  type ModelCard,
  MosaicError,
  makeId,
  type ProviderStatus,
  type RequestOf,
  searchConversations,
  streamCompletion,
  updateConversation,
} from '@mosaic/proto';
import type { Bus, SignedCaller } from '@mosaic/service-kit';
import type { RealBus } from '@mosaic/test-kit/bus';
import { decision, end, start } from '@mosaic/test-kit/samples';

type Inbox = FactOf<typeof inbox>;
type Completion = RequestOf<typeof streamCompletion>;
type Draft = ConversationEvent extends infer Event
  ? Event extends ConversationEvent
    ? Omit<Event, 'conversationId' | 'seq' | 'at'>
    : never
  : never;

/** How a peer answers a message: with events and deltas of its own making. */
export type Turn = (turn: {
  readonly message: Inbox;
  readonly run: string;
  append(draft: Draft): Promise<void>;
  say(text: string): void;
}) => Promise<void>;

/** What stands behind the gateway in its tests: real contracts on a real bus. */
export interface Peers {
  /** Accepted messages, in order. */
  readonly messages: Inbox[];
  readonly asked: Completion[];
  readonly signals: AbortSignal[];
  answerTurnsWith(turn: Turn): void;
  completeWith(
    parts: (request: Completion, signal: AbortSignal) => AsyncIterable<CompletionPart>,
  ): void;
}

const agents: Agent[] = [
  {
    name: 'assistant',
    description: 'Answers.',
    systemPrompt: 'You help.',
    model: null,
    tools: [],
    scope: 'system',
  },
];

/** What changed at the vendors lately. */
const news: CatalogueNews = {
  at: '2026-11-24T04:15:00.000Z',
  changes: [
    {
      provider: 'anthropic',
      model: 'claude-haiku-4-5',
      kind: 'ends',
      text: 'anthropic/claude-haiku-4-5 is shut down by its vendor on 2027-01-01.',
      isRelied: true,
    },
  ],
  left: 0,
};

const card: ModelCard = {
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  name: 'Claude Haiku 4.5',
  contextTokens: 200_000,
  maxOutputTokens: 64_000,
  capabilities: ['tools'],
  price: null,
  isAvailable: true,
  unavailableReason: null,
};

const status: ProviderStatus = {
  name: 'anthropic',
  isConfigured: true,
  isHealthy: true,
  isSimulated: false,
  reason: null,
  keyHint: 'inst',
  keys: [],
  restingModels: [],
  loadingModels: [],
  models: 1,
  checkedAt: null,
};

export async function startPeers(real: RealBus): Promise<Peers> {
  const [agentsBus, memory, providers, router, jobs] = await Promise.all(
    (['agents', 'memory', 'providers', 'router', 'jobs'] as const).map((name) =>
      real.connect(name),
    ),
  );
  if (!agentsBus || !memory || !providers || !router || !jobs) throw new TypeError();
  const turns = await playAgents(agentsBus);
  playMemory(memory);
  const completions = playProviders(providers);
  router.handle(decideRoute, async ({ messageModel }) => ({
    decision: { ...decision, ...(messageModel === undefined ? {} : { model: messageModel }) },
  }));
  router.handle(listRules, async () => ({ rules: [], policyVersion: 'test' }));
  jobs.handle(listJobs, async () => ({ queues: [], jobs: [] }));
  await Promise.all([agentsBus, memory, providers, router, jobs].map((bus) => bus.flush()));
  return { ...turns, ...completions };
}

/** The plainest turn: routed, two words, completed. */
export const plainTurn: Turn = async ({ append, message, run, say }) => {
  const { messageId } = message;
  await append({ type: 'message.added', messageId, text: message.text });
  await append({ type: 'turn.routed', run, messageId, agent: 'assistant', decision });
  say('Hello ');
  say('there');
  await append({ type: 'turn.completed', ...ended(run, messageId, 'Hello there') });
};

export function ended(run: string, messageId: string, text: string) {
  const { model, provider, reason, rule } = decision;
  return {
    ...{ run, messageId, text, provider, model, rule, reason },
    step: 0,
    usage: end.usage,
    cost: end.cost,
    timings: end.timings,
    isSimulated: false,
    stop: end.stop,
  };
}

async function playAgents(bus: Bus) {
  const messages: Inbox[] = [];
  let turn: Turn = plainTurn;
  const append = async (caller: SignedCaller, conversationId: string, draft: Draft) => {
    const tokens = { userId: caller.userId, conversationId };
    const last = await bus.lastOf(conversationLog, tokens);
    const seq = (last?.fact.seq ?? 0) + 1;
    const at = new Date().toISOString();
    // A draft with its place is an event; spreading a union loses that.
    const event = { ...draft, conversationId, seq, at } as ConversationEvent;
    await bus.publish(conversationLog, event, {
      tokens,
      caller,
      expectedLastSeq: last?.streamSeq ?? 0,
    });
    return event;
  };
  bus.handle(listAgents, async () => ({ agents }));
  bus.handle(getAgent, async ({ name }) => {
    const agent = agents.find((one) => one.name === name);
    if (agent === undefined) throw new MosaicError('unknown_agent');
    return { agent };
  });
  bus.handle(listTools, async ({ agent = 'assistant' }, { caller }) => {
    if (agent !== 'assistant') throw new MosaicError('unknown_agent');
    const working = { isAvailable: true, unavailableReason: null, advice: null };
    const told = { summary: caller.userId, server: null, policy: 'ask' as const, exceptions: [] };
    return { agent, tools: [{ name: 'shell', ...told, ...working }], servers: [], unmatched: [] };
  });
  bus.handle(createConversation, async (wish, { caller }) => {
    const { agent = 'assistant', channel, conversationId, model, title } = wish;
    const tokens = { userId: caller.userId, conversationId };
    const last = await bus.lastOf(conversationLog, tokens);
    if (last?.fact.type === 'conversation.deleted') throw new MosaicError('conflict');
    const first = await bus.firstOf(conversationLog, tokens);
    if (first !== undefined) return { event: first.fact };
    const more = channel === undefined ? {} : { channel };
    const draft = { type: 'conversation.created' as const, title, agent, model, ...more };
    return { event: await append(caller, conversationId, draft) };
  });
  bus.handle(updateConversation, async ({ conversationId, title, model }, { caller }) => {
    const events: ConversationEvent[] = [];
    const add = async (draft: Draft) => events.push(await append(caller, conversationId, draft));
    if (model !== undefined) await add({ type: 'conversation.model-pinned', model });
    if (title !== undefined) await add({ type: 'conversation.renamed', title, by: 'user' });
    return { events };
  });
  bus.handle(deleteConversation, async ({ conversationId }, { caller }) => {
    await append(caller, conversationId, { type: 'conversation.deleted' });
    return { isDeleted: true };
  });
  bus.handle(answerApproval, async ({ answer, callId, conversationId }, { caller }) => {
    const last = await bus.lastOf(conversationLog, { userId: caller.userId, conversationId });
    const asked = last?.fact;
    if (asked?.type !== 'approval.asked' || asked.callId !== callId) {
      throw new MosaicError('not_found');
    }
    const { run } = asked;
    const draft = { type: 'approval.answered' as const, run, callId, answer, by: caller.userId };
    return { event: await append(caller, conversationId, draft) };
  });
  await bus.consume(
    inbox,
    async ({ ack, caller, fact }) => {
      const { conversationId } = fact;
      messages.push(fact);
      const run = makeId();
      let offset = 0;
      await turn({
        message: fact,
        run,
        append: async (draft) => void (await append(caller, conversationId, draft)),
        say(text) {
          const delta = { conversationId, run, step: 0, kind: 'text' as const, offset, text };
          offset += text.length;
          bus.publishLive(live, delta, {
            tokens: { userId: caller.userId, conversationId },
            caller,
          });
        },
      });
      ack();
    },
    { durable: 'agents', concurrency: 8, ackWaitMs: 10_000, from: 'start' },
  );
  return {
    messages,
    answerTurnsWith(given: Turn) {
      turn = given;
    },
  };
}

function playMemory(bus: Bus): void {
  bus.handle(listConversations, async () => ({ conversations: [], nextCursor: null }));
  bus.handle(searchConversations, async () => ({ hits: [] }));
  bus.handle(getConversation, async () => {
    throw new MosaicError('not_found');
  });
}

function playProviders(bus: Bus) {
  const asked: Completion[] = [];
  const signals: AbortSignal[] = [];
  type Answer = Parameters<Peers['completeWith']>[0];
  let answer: Answer = async function* () {
    yield start;
    yield { type: 'text', text: 'Hello ' };
    yield { type: 'text', text: 'there' };
    yield end;
  };
  bus.handle(listModels, async () => ({ models: [card], news }));
  bus.handle(listProviders, async () => ({ providers: [status] }));
  bus.handle(createEmbedding, async ({ texts }) => ({
    model: 'nomic-embed-text',
    width: 2,
    vectors: texts.map(() => [0.5, -0.5]),
  }));
  bus.handleStream(streamCompletion, (request, { signal }) => {
    asked.push(request);
    signals.push(signal);
    return answer(request, signal);
  });
  return {
    asked,
    signals,
    completeWith(given: Answer) {
      answer = given;
    },
  };
}
