import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  type CompletionPart,
  type ConversationEvent,
  conversationLog,
  createConversation,
  decideRoute,
  type InboxMessage,
  inbox,
  makeId,
  type RequestOf,
  type RouteDecision,
  streamCompletion,
} from '@mosaic/proto';
import { type Bus, type SignedCaller, startService } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { decision, end as plainEnd, start } from '@mosaic/test-kit/samples';
import { agentsService } from '../src/main.ts';

export type Completion = RequestOf<typeof streamCompletion>;
export type Answer = (request: Completion, signal: AbortSignal) => AsyncIterable<CompletionPart>;

/** The agents service on a real bus, with peers of the test on the other subjects. */
export interface TurnRig {
  readonly bus: RealBus;
  readonly gateway: Bus;
  readonly caller: SignedCaller;
  /** What providers were asked, in order. */
  readonly asked: Completion[];
  /** What the router decides from now on. */
  decideWith(decision: RouteDecision): void;
  /** What the router was asked, in order. */
  readonly routed: RequestOf<typeof decideRoute>[];
  /** How the next completions are answered. */
  answerWith(answer: Answer): void;
  startWorker(settings?: Readonly<Record<string, string>>): Promise<{ stop(): Promise<void> }>;
  /** A worker in a process of its own, so that it can be killed; resolves when it takes messages. */
  startWorkerProcess(env?: Readonly<Record<string, string>>): Promise<WorkerProcess>;
  open(): Promise<string>;
  send(conversationId: string, text: string, more?: Partial<InboxMessage>): Promise<string>;
  /** The whole log once an event of this type for this message is in it. */
  until(
    conversationId: string,
    type: ConversationEvent['type'],
    count?: number,
  ): Promise<ConversationEvent[]>;
  /** Resolves when no worker has a message of the conversation any more. */
  untilSettled(conversationId: string): Promise<void>;
  stop(): Promise<void>;
}

export interface WorkerProcess {
  readonly pid: number;
  /** Sends the signal; resolves when the process is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

const workerFile = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

async function startProcess(env: Record<string, string>): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [workerFile], {
    env: { ...env, MOSAIC_LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    if (String(chunk).includes('"started"')) break;
  }
  child.stdout.resume();
  return {
    pid: child.pid ?? 0,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}

export const end = (unified: 'stop' | 'tool-calls' = 'stop'): CompletionPart => ({
  ...plainEnd,
  stop: { unified, raw: unified },
});

export async function* say(text: string): AsyncIterable<CompletionPart> {
  yield start;
  for (const word of text.split(/(?<= )/)) yield { type: 'text', text: word };
  yield end();
}

export async function startTurnRig(): Promise<TurnRig> {
  const bus = await startRealBus();
  const caller = bus.person('mia');
  const [gateway, router, providers] = await Promise.all([
    bus.connect('gateway'),
    bus.connect('router'),
    bus.connect('providers'),
  ]);
  const asked: Completion[] = [];
  let answer: Answer = (request) => say(`You said ${JSON.stringify(request.turns.at(-1))}`);
  let decided: RouteDecision = decision;
  const routed: RequestOf<typeof decideRoute>[] = [];
  router.handle(decideRoute, async (question) => {
    routed.push(question);
    return { decision: decided };
  });
  providers.handleStream(streamCompletion, (request, { signal }) => {
    asked.push(request);
    return answer(request, signal);
  });
  let looker: Bus | undefined;
  const workers: { stop(): Promise<void> }[] = [];
  return {
    bus,
    gateway,
    caller,
    asked,
    routed,
    decideWith: (next) => {
      decided = next;
    },
    answerWith: (next) => {
      answer = next;
    },
    async startWorker(settings = {}) {
      const own = await bus.environment('agents');
      const env = { ...own, MOSAIC_LOG_LEVEL: 'silent', ...settings };
      const worker = await startService(agentsService, env);
      workers.push(worker);
      return worker;
    },
    async startWorkerProcess(more = {}) {
      const worker = await startProcess({ ...(await bus.environment('agents')), ...more });
      workers.push({ stop: () => worker.end('SIGKILL') });
      return worker;
    },
    async open() {
      const conversationId = makeId();
      await gateway.call(createConversation, { conversationId }, { caller });
      return conversationId;
    },
    async send(conversationId, text, more = {}) {
      const messageId = more.messageId ?? makeId();
      const acceptedAt = new Date().toISOString();
      const fact = { conversationId, messageId, text, acceptedAt, ...more };
      const tokens = { userId: caller.userId, conversationId };
      await gateway.publish(inbox, fact, { tokens, caller, messageId });
      return messageId;
    },
    async until(conversationId, type, count = 1) {
      const tokens = { userId: caller.userId, conversationId };
      const signal = AbortSignal.timeout(90_000);
      const events: ConversationEvent[] = [];
      const log = gateway.read(conversationLog, { tokens, untilCaughtUp: false, signal });
      for await (const { fact } of log) {
        events.push(fact);
        if (events.filter((event) => event.type === type).length >= count) return events;
      }
      throw new Error(`no ${type} in ${events.map((event) => event.type).join(', ')}`);
    },
    async untilSettled(conversationId) {
      looker ??= await bus.connect('agents', { instanceName: 'looker' });
      const agents = looker;
      const tokens = { userId: caller.userId, conversationId };
      const isSettled = async () => (await agents.firstOf(inbox, tokens)) === undefined;
      await waitFor(isSettled, { what: 'an empty inbox' });
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await bus.stop();
    },
  };
}
