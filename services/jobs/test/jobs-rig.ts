import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type RedisHandle, startRedis } from '@mosaic/embedded-servers';
import {
  applyExtraction,
  type CompletionPart,
  type ConversationEvent,
  conversationLog,
  decideRoute,
  listUnsummarized,
  MosaicError,
  makeId,
  moveTiers,
  noUsage,
  prepareExtraction,
  prepareSummary,
  type ReplyOf,
  type RequestOf,
  refreshCatalogue,
  saveSummary,
  streamCompletion,
  sweepRetention,
  updateConversation,
} from '@mosaic/proto';
import { type Bus, type SignedCaller, startService } from '@mosaic/service-kit';
import { temporaryDirectory } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { decision as plainDecision } from '@mosaic/test-kit/samples';
import { jobsService } from '../src/main.ts';

/** The jobs service on a real bus and a real Redis, with the test in the place of its peers. */
export interface JobsRig {
  readonly bus: RealBus;
  readonly gateway: Bus;
  readonly admin: SignedCaller;
  readonly person: SignedCaller;
  readonly renamed: RequestOf<typeof updateConversation>[];
  readonly sweeps: RequestOf<typeof sweepRetention>[];
  /** What providers answers when it is told to read the vendors' lists again. */
  readonly catalogue: ReplyOf<typeof refreshCatalogue>;
  /** How often a model was asked, and whether it fails or never answers. */
  readonly model: { asked: number; isBroken: boolean; isSilent: boolean };
  readonly storage: Storage;
  /** The turn that memory gives to be read; null for none. */
  readonly extraction: Extraction;
  startJobs(): Promise<{ stop(): Promise<void>; notReady(): Promise<readonly string[]> }>;
  /** In a process of its own, to be killed. */
  startJobsProcess(): Promise<ChildProcess>;
  /** A conversation with one answer, as agents would write it. */
  converse(whose?: { conversationId?: string; person?: SignedCaller }): Promise<string>;
  redis: { kill(): Promise<void>; start(): Promise<void> };
  stop(): Promise<void>;
}

const cost = { usd: null, source: 'unknown' } as const;
const timings = { firstTokenMs: 1, totalMs: 2 };
const by = { provider: 'zai', model: 'glm-5' } as const;
const decision = { ...plainDecision, ...by };

/** Memory, as far as extraction asks it. */
export interface Extraction {
  turn: { question: string; answer: string } | null;
  /** How often it still fails before it answers. */
  failures: number;
  /** What the model answers when it reads a turn. */
  modelSays: string;
  readonly asked: RequestOf<typeof streamCompletion>[];
  readonly applied: RequestOf<typeof applyExtraction>[];
}

/** Memory, as far as tiers and summaries ask it. */
export interface Storage {
  /** What memory answers, one portion a request; then that everybody was visited. */
  readonly portions: ReplyOf<typeof moveTiers>[];
  readonly movedAfter: (string | null)[];
  readonly due: { userId: string; conversationId: string }[];
  readonly saved: RequestOf<typeof saveSummary>[];
}

function serveStorage(memory: Bus, storage: Storage): void {
  memory.handle(moveTiers, async ({ afterUser }) => {
    storage.movedAfter.push(afterUser);
    const nothing = { toWarm: 0, toCold: 0, freedBytes: 0, failed: 0, next: null };
    return storage.portions.shift() ?? nothing;
  });
  memory.handle(listUnsummarized, async () => ({ conversations: storage.due }));
  memory.handle(prepareSummary, async () => ({
    isWanted: true as const,
    text: 'user: Who wrote Moby Dick?',
    messageCount: 2,
  }));
  memory.handle(saveSummary, async (request) => {
    storage.saved.push(request);
    return { isSaved: true };
  });
}

/** Answers a request for memories as a model of its own would; titles stay as they are. */
async function* completeWith(text: string): AsyncIterable<CompletionPart> {
  yield { type: 'start', ...by, skipped: [], isSimulated: false };
  yield { type: 'text', text };
  const stop = { unified: 'stop', raw: 'stop' } as const;
  yield { type: 'end', stop, usage: noUsage, cost, timings };
}

async function* complete(isBroken: boolean): AsyncIterable<CompletionPart> {
  if (isBroken) {
    const failure = {
      code: 'provider_overloaded',
      message: 'too busy',
      isRetryable: true,
    } as const;
    const phase = 'before-first-part';
    yield { type: 'error', failure, phase, skipped: [], usage: null, cost, timings };
    return;
  }
  yield { type: 'start', ...by, skipped: [], isSimulated: false };
  yield { type: 'text', text: '"Whales and the Sea"' };
  const stop = { unified: 'stop', raw: 'stop' } as const;
  yield { type: 'end', stop, usage: noUsage, cost, timings };
}

async function* staySilent(signal: AbortSignal): AsyncIterable<CompletionPart> {
  yield { type: 'start', ...by, skipped: [], isSimulated: false };
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

export async function startJobsRig(): Promise<JobsRig> {
  const bus = await startRealBus();
  const directory = await temporaryDirectory();
  const dataDir = directory.path;
  let redis: RedisHandle = await startRedis({ dataDir });
  const { port, password } = new URL(redis.url);
  const redisUrl = redis.url;
  const [gateway, router, providers, agents, memory] = await Promise.all(
    (['gateway', 'router', 'providers', 'agents', 'memory'] as const).map((one) =>
      bus.connect(one),
    ),
  );
  if (!gateway || !router || !providers || !agents || !memory) throw new Error('not connected');
  const person = bus.person('mia');
  const renamed: JobsRig['renamed'] = [];
  const sweeps: JobsRig['sweeps'] = [];
  const catalogue: JobsRig['catalogue'] = {
    at: new Date().toISOString(),
    changes: [],
    left: 0,
    compared: [],
    notCompared: [],
  };
  const model = { asked: 0, isBroken: false, isSilent: false };
  router.handle(decideRoute, async () => ({ decision }));
  providers.handle(refreshCatalogue, async () => catalogue);
  const extraction: Extraction = {
    turn: null,
    failures: 0,
    modelSays: '',
    asked: [],
    applied: [],
  };
  memory.handle(prepareExtraction, async () => {
    extraction.failures -= 1;
    if (extraction.failures >= 0) throw new MosaicError('service_unavailable');
    return extraction.turn === null
      ? { isWanted: false as const, why: 'It says nothing of the person.' }
      : { isWanted: true as const, ...extraction.turn };
  });
  memory.handle(applyExtraction, async (request) => {
    extraction.applied.push(request);
    return { saved: request.found.length, dropped: 0, isRepeated: false };
  });
  const storage: Storage = { portions: [], movedAfter: [], due: [], saved: [] };
  serveStorage(memory, storage);
  providers.handleStream(streamCompletion, (request, { signal }) => {
    if (request.purpose === 'memory') {
      extraction.asked.push(request);
      return completeWith(extraction.modelSays);
    }
    model.asked += 1;
    return model.isSilent ? staySilent(signal) : complete(model.isBroken);
  });
  agents.handle(updateConversation, async (request) => {
    renamed.push(request);
    return { events: [] };
  });
  memory.handle(sweepRetention, async (request) => {
    sweeps.push(request);
    return { users: 1, conversations: 2 };
  });
  const environment = async () => ({
    ...(await bus.environment('jobs')),
    MOSAIC_LOG_LEVEL: 'silent',
    MOSAIC_JOB_BACKOFF_MS: '100',
    REDIS_URL: redisUrl,
  });
  const started: { stop(): Promise<void> }[] = [];
  return {
    bus,
    gateway,
    admin: bus.person('root', 'admin'),
    person,
    renamed,
    sweeps,
    catalogue,
    model,
    extraction,
    storage,
    async startJobs() {
      const service = await startService(jobsService, await environment());
      started.push(service);
      return service;
    },
    async startJobsProcess() {
      const file = fileURLToPath(new URL('./worker-process.ts', import.meta.url));
      const child = spawn(process.execPath, [file], { env: await environment(), stdio: 'ignore' });
      started.push({ stop: async () => void child.kill('SIGKILL') });
      return child;
    },
    async converse({ conversationId = makeId(), person: caller = person } = {}) {
      for (const event of openingOf(conversationId)) {
        const tokens = { userId: caller.userId, conversationId };
        await agents.publish(conversationLog, event, { tokens, caller });
      }
      return conversationId;
    },
    redis: {
      async kill() {
        process.kill(redis.pid, 'SIGKILL');
        await redis.exited;
      },
      async start() {
        redis = await startRedis({
          dataDir,
          port: Number(port),
          password: decodeURIComponent(password),
        });
      },
    },
    async stop() {
      await Promise.all(started.map((service) => service.stop()));
      await redis.stop();
      await bus.stop();
      await directory.remove();
    },
  };
}

function openingOf(conversationId: string): ConversationEvent[] {
  const messageId = makeId();
  const run = makeId();
  const place = (seq: number) => ({ conversationId, seq, at: new Date().toISOString() });
  const stop = { unified: 'stop', raw: 'stop' } as const;
  const answered = { text: 'Herman Melville.', step: 0, usage: noUsage, cost, timings };
  const why = { rule: 'simple', reason: 'because', stop };
  return [
    { ...place(1), type: 'conversation.created', title: null, agent: 'assistant', model: null },
    { ...place(2), type: 'message.added', messageId, text: 'Who wrote Moby Dick?' },
    { ...place(3), type: 'turn.routed', run, messageId, agent: 'assistant', decision },
    {
      ...place(4),
      type: 'turn.completed',
      run,
      messageId,
      ...answered,
      ...by,
      ...why,
      isSimulated: false,
    },
  ];
}
