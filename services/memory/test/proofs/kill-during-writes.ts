import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startPglite } from '@mosaic/embedded-servers';
import {
  type ConversationEvent,
  conversationLog,
  getConversation,
  listEvents,
  listMemories,
  makeId,
  saveMemory,
} from '@mosaic/proto';
import type { Bus, SignedCaller } from '@mosaic/service-kit';
import { temporaryDirectory, waitFor } from '@mosaic/test-kit';
import { startRealBus } from '@mosaic/test-kit/bus';
import { type ConversationState, projectEvent } from '../../src/app/project-event.ts';
import { asked, completed, created } from '../event-drafts.ts';

export interface Killing {
  readonly kills: number;
  readonly tell?: (kill: number) => void;
}

export interface Killed {
  readonly kills: number;
  readonly ofDatabase: number;
  readonly acknowledgedMemories: number;
  readonly lostMemories: number;
  readonly events: number;
  /** Conversations whose rows are not exactly what their log makes. */
  readonly wrongProjections: number;
}

const workerFile = fileURLToPath(new URL('./worker-process.ts', import.meta.url));
const users = ['ada', 'bob', 'cleo'] as const;

/**
 * Kills the memory service with SIGKILL again and again while people write and talk, every second time
 * together with PostgreSQL, and compares afterwards: what was acknowledged is there, and the rows are
 * exactly what the log makes.
 */
export async function killDuringWrites({ kills, tell }: Killing): Promise<Killed> {
  const bus = await startRealBus();
  const directory = await temporaryDirectory();
  const startDatabase = (port: number) =>
    startPglite({ dataDir: join(directory.path, 'db'), dumps: false, port });
  const database = await startDatabase(0);
  const [agents, gateway] = await Promise.all([bus.connect('agents'), bus.connect('gateway')]);
  const env = {
    ...(await bus.environment('memory')),
    DATABASE_URL: database.url,
    MOSAIC_LOG_LEVEL: 'silent',
  };
  const service = keepRunning(env);
  const writers = users.map((user) => startWriting({ agents, gateway }, bus.person(user)));
  const databaseKills: number[] = [];
  for (let kill = 1; kill <= kills; kill += 1) {
    await untilWritten(writers);
    await delay(20 + ((kill * 37) % 200));
    if (kill % 2 === 0 && mayKillAgain(databaseKills)) {
      // The embedded server starts its process again by itself, on the same port and data.
      process.kill(database.pid, 'SIGKILL');
      databaseKills.push(Date.now());
    }
    await service.kill();
    tell?.(kill);
  }
  await untilWritten(writers);
  const written = await Promise.all(writers.map((writer) => writer.stop()));
  // The database may have come back a moment ago, and the service gives up and starts again once more.
  const compareWhenUp = (one: Written) =>
    waitFor(() => compare(gateway, one).catch(() => undefined), {
      what: 'the rows to compare',
      timeoutMs: 120_000,
      everyMs: 200,
    });
  const found = await Promise.all(written.map(compareWhenUp));
  await service.stop();
  await database.stop();
  await bus.stop();
  await directory.remove();
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    kills,
    ofDatabase: databaseKills.length,
    acknowledgedMemories: sum(written.map((one) => one.memories.length)),
    lostMemories: sum(found.map((one) => one.lostMemories)),
    events: sum(written.map((one) => one.events.length)),
    wrongProjections: sum(found.map((one) => one.wrongProjections)),
  };
}

/** Who is started again more than five times within a minute is taken for broken, and stays down. */
function mayKillAgain(kills: readonly number[]): boolean {
  const minuteAgo = Date.now() - 65_000;
  return kills.filter((time) => time > minuteAgo).length < 5;
}

/**
 * The service as a supervisor runs it: started again when it is killed, and when it gave up because
 * PostgreSQL was not there in time.
 */
function keepRunning(env: Record<string, string>) {
  let isStopped = false;
  const start = (): ChildProcess => {
    const child = spawn(process.execPath, [workerFile], { env, stdio: 'ignore' });
    child.once('exit', () => {
      if (!isStopped) worker = start();
    });
    return child;
  };
  let worker = start();
  return {
    kill: () => endHard(worker),
    async stop() {
      isStopped = true;
      await endHard(worker);
    },
  };
}

async function endHard(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

interface Written {
  readonly caller: SignedCaller;
  readonly conversationId: string;
  readonly events: readonly ConversationEvent[];
  /** Texts whose saving was acknowledged. */
  readonly memories: readonly string[];
}

interface Writer {
  /** Acknowledged savings until now. */
  readonly saved: number;
  stop(): Promise<Written>;
}

/** One person who talks and saves without a pause; what is not acknowledged is tried again. */
function startWriting(
  { agents, gateway }: { readonly agents: Bus; readonly gateway: Bus },
  caller: SignedCaller,
): Writer {
  const conversationId = makeId();
  const events: ConversationEvent[] = [];
  const memories: string[] = [];
  let isStopped = false;
  const talk = async () => {
    for (let turn = 0; !isStopped; turn += 1) {
      const messageId = makeId();
      const drafts = [
        ...(turn === 0 ? [created('Talk')] : []),
        asked(messageId, `Question ${turn} of ${caller.userId}`),
        completed(makeId(), messageId, `Answer ${turn}`),
      ];
      for (const draft of drafts) {
        const place = { conversationId, seq: events.length + 1, at: new Date().toISOString() };
        // A draft with its place is an event; spreading a union loses that.
        const event = { ...draft, ...place } as ConversationEvent;
        const tokens = { userId: caller.userId, conversationId };
        await agents.publish(conversationLog, event, { tokens, caller });
        events.push(event);
      }
      // Slower than the service reads while it is killed all the time, so that it is not behind for ever.
      await delay(100);
    }
  };
  const save = async () => {
    for (let number = 0; !isStopped; ) {
      const text = `Memory ${number} of ${caller.userId}`;
      try {
        await gateway.call(saveMemory, { text }, { caller, timeoutMs: 2_000 });
        memories.push(text);
        number += 1;
      } catch {
        await delay(50);
      }
    }
  };
  const working = Promise.all([talk(), save()]);
  return {
    get saved() {
      return memories.length;
    },
    async stop() {
      isStopped = true;
      await working;
      return { caller, conversationId, events, memories };
    },
  };
}

/** Each has got something acknowledged since: the service is up and writing. */
async function untilWritten(writers: readonly Writer[]): Promise<void> {
  const before = writers.map((writer) => writer.saved);
  const isUp = () => writers.every((writer, index) => writer.saved > (before[index] ?? 0));
  await waitFor(isUp, { what: 'savings after a kill', timeoutMs: 120_000, everyMs: 20 });
}

async function compare(gateway: Bus, { caller, conversationId, events, memories }: Written) {
  const options = { caller, timeoutMs: 60_000 };
  const minSeq = events.length;
  const { conversation } = await gateway.call(getConversation, { conversationId, minSeq }, options);
  let state: ConversationState | undefined;
  for (const event of events) ({ state } = projectEvent(state, event));
  const stored: ConversationEvent[] = [];
  for (let afterSeq = 0; stored.length < events.length; afterSeq = stored.length) {
    const page = await gateway.call(listEvents, { conversationId, afterSeq }, options);
    if (page.events.length === 0) break;
    stored.push(...page.events);
  }
  const isExact =
    JSON.stringify(stored.map(sorted)) === JSON.stringify(events.map(sorted)) &&
    conversation.messageCount === state?.messageCount &&
    conversation.updatedAt === state.updatedAt &&
    conversation.title === state.title;
  const kept = new Set<string>();
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 200 };
    if (cursor !== null) query.cursor = cursor;
    const page: { memories: { text: string }[]; nextCursor: string | null } = await gateway.call(
      listMemories,
      query,
      options,
    );
    for (const { text } of page.memories) kept.add(text);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return {
    lostMemories: memories.filter((text) => !kept.has(text)).length,
    wrongProjections: isExact ? 0 : 1,
  };
}

/** `jsonb` keeps no order of names. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}
