import { join } from 'node:path';
import { startPglite } from '@mosaic/embedded-servers';
import { type ConversationEvent, conversationLog, makeId } from '@mosaic/proto';
import {
  type Bus,
  type Environment,
  type RunningService,
  type SignedCaller,
  startService,
} from '@mosaic/service-kit';
import { temporaryDirectory } from '@mosaic/test-kit';
import { startRealBus } from '@mosaic/test-kit/bus';
import { memoryService } from '../src/main.ts';
import type { EventDraft } from './event-drafts.ts';

export interface MemoryStack {
  readonly databaseUrl: string;
  /** Buses of those who call memory, each with its own credentials. */
  readonly agents: Bus;
  readonly gateway: Bus;
  readonly jobs: Bus;
  readonly providers: Bus;
  caller(userId: string): SignedCaller;
  /** Starts the service (again); several make replicas. */
  startMemory(more?: Environment): Promise<RunningService>;
  /** Stops every replica. */
  stopMemory(): Promise<void>;
  /** A new conversation of the user that grows by `append`; answers the last number. */
  conversation(userId: string, id?: string): Conversation;
  stopDatabase(): Promise<void>;
  startDatabase(): Promise<void>;
  stop(): Promise<void>;
}

export interface Conversation {
  readonly id: string;
  append(...drafts: readonly EventDraft[]): Promise<number>;
}

/** A real bus with real permissions, a real database, and the memory service between them. */
export async function startMemoryStack(): Promise<MemoryStack> {
  const bus = await startRealBus();
  const directory = await temporaryDirectory();
  const startDatabase = (port: number) =>
    startPglite({ dataDir: join(directory.path, 'db'), dumps: false, port });
  let database = await startDatabase(0);
  const databaseUrl = database.url;
  // The usual five seconds are for people; a busy machine may need longer for the database.
  const timings = { requestMs: 60_000 };
  const [agents, gateway, jobs, providers] = await Promise.all([
    bus.connect('agents', { timings }),
    bus.connect('gateway', { timings }),
    bus.connect('jobs', { timings }),
    bus.connect('providers', { timings }),
  ]);
  const env = {
    ...(await bus.environment('memory')),
    MOSAIC_LOG_LEVEL: 'silent',
    DATABASE_URL: databaseUrl,
  };
  const services: RunningService[] = [];
  return {
    databaseUrl,
    agents,
    gateway,
    jobs,
    providers,
    caller: (userId) => bus.person(userId),
    async startMemory(more = {}) {
      const service = await startService(memoryService, { ...env, ...more });
      services.push(service);
      return service;
    },
    async stopMemory() {
      await Promise.all(services.splice(0).map((one) => one.stop()));
    },
    conversation: (userId, id = makeId()) => openConversation(agents, bus.person(userId), id),
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

function openConversation(agents: Bus, caller: SignedCaller, id: string): Conversation {
  let seq = 0;
  const tokens = { userId: caller.userId, conversationId: id };
  return {
    id,
    async append(...drafts) {
      for (const draft of drafts) {
        seq += 1;
        const at = new Date().toISOString();
        // A draft with its place is an event; spreading a union loses that.
        const event = { ...draft, conversationId: id, seq, at } as ConversationEvent;
        await agents.publish(conversationLog, event, { tokens, caller });
      }
      return seq;
    },
  };
}
