import { join } from 'node:path';
import { startNats, startPglite } from '@mosaic/embedded-servers';
import { type ConversationEvent, conversationLog, makeId, type ServiceName } from '@mosaic/proto';
import {
  type Bus,
  connectBus,
  makeInstallationKeys,
  provisionBus,
  provisionerCredentials,
  type RunningService,
  type SignedCaller,
  serverConfigText,
  serviceCredentials,
  signCaller,
  startService,
} from '@mosaic/service-kit';
import { memoryService } from '../src/main.ts';
import type { EventDraft } from './event-drafts.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export interface MemoryStack {
  readonly databaseUrl: string;
  /** Buses of those who call memory, each with its own credentials. */
  readonly agents: Bus;
  readonly gateway: Bus;
  readonly jobs: Bus;
  caller(userId: string): SignedCaller;
  /** Starts the service (again); several make replicas. */
  startMemory(): Promise<RunningService>;
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
  const keys = makeInstallationKeys();
  const nats = await startNats({
    dataDir: temporaryDirectory(),
    configText: await serverConfigText(keys),
  });
  await provisionBus({ url: nats.url, credentials: await provisionerCredentials(keys) });
  const databaseDir = temporaryDirectory();
  const startDatabase = (port: number) =>
    startPglite({ dataDir: join(databaseDir, 'db'), dumps: false, port });
  let database = await startDatabase(0);
  const databaseUrl = database.url;
  const connect = async (principal: ServiceName) =>
    connectBus({
      url: nats.url,
      principal,
      credentials: await serviceCredentials(keys, principal),
      callerKeys: keys.caller,
    });
  const [agents, gateway, jobs] = await Promise.all(
    (['agents', 'gateway', 'jobs'] as const).map(connect),
  );
  if (agents === undefined || gateway === undefined || jobs === undefined) throw new TypeError();
  const env = {
    NATS_URL: nats.url,
    MOSAIC_NATS_CREDENTIALS: await serviceCredentials(keys, 'memory'),
    MOSAIC_CALLER_PUBLIC_KEY: keys.caller.publicKey,
    MOSAIC_LOG_LEVEL: 'silent',
    DATABASE_URL: databaseUrl,
  };
  const services: RunningService[] = [];
  const caller = (userId: string) => signCaller(keys.caller.seed, { userId, role: 'member' });
  return {
    databaseUrl,
    agents,
    gateway,
    jobs,
    caller,
    async startMemory() {
      const service = await startService(memoryService, env);
      services.push(service);
      return service;
    },
    conversation: (userId, id = makeId()) => openConversation(agents, caller(userId), id),
    stopDatabase: () => database.stop(),
    async startDatabase() {
      database = await startDatabase(Number(new URL(databaseUrl).port));
    },
    async stop() {
      await Promise.all([...services.map((one) => one.stop())]);
      await Promise.all([agents, gateway, jobs].map((bus) => bus.drain(500)));
      await database.stop();
      await nats.stop();
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
