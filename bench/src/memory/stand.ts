import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPglite } from '@mosaic/embedded-servers';
import { openIndexCache } from '@mosaic/memory/adapters/recall/index-cache';
import { openRecall, type Recall } from '@mosaic/memory/adapters/recall/open-recall';
import {
  builtinVectors,
  type QuestionVectors,
} from '@mosaic/memory/adapters/recall/question-vectors';
import type { LoggedEvent } from '@mosaic/memory/app/follow-conversation';
import { type MemoryStore, openMemoryStore } from '@mosaic/memory/stores/memory-store';
import { type PassageText, writePassages } from '@mosaic/memory/stores/passages/write-passages';
import type { MemoryTables } from '@mosaic/memory/stores/tables';
import type { BenchmarkMessage, Sample } from '@mosaic/memory/train/benchmarks';
import type { ConversationEvent } from '@mosaic/proto';
import { openDatabase } from '@mosaic/service-kit';

/** The memory service's own tables in PGlite, and its own search over them. */
export interface Stand {
  readonly store: MemoryStore;
  /** Writes texts of one user as they are, a transaction for all. */
  writeTexts(userId: string, texts: readonly PassageText[]): Promise<void>;
  /** Writes a sample as one user's conversations, through the service's projection of the log. */
  write(sample: Sample): Promise<void>;
  /** A search as of a moment; with the built-in vectors when none are given. */
  recallAt(nowMs: number, vectors?: QuestionVectors): Recall;
  stop(): Promise<void>;
}

export async function startStand(): Promise<Stand> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-memory-'));
  const server = await startPglite({ dataDir: join(directory, 'db'), dumps: false });
  const db = openDatabase<MemoryTables>({
    url: server.url,
    schema: 'memory',
    role: 'memory_app',
    migrationsDir: join(import.meta.dirname, '../../../services/memory/migrations'),
    statementTimeoutMs: 120_000,
  });
  await db.migrate();
  const store = openMemoryStore(db);
  const indexes = openIndexCache(store);
  return {
    store,
    writeTexts: (userId, texts) => db.asUser({ userId }, (tx) => writePassages(tx, userId, texts)),
    write: (sample) => writeSample(store, sample),
    recallAt: (nowMs, vectors = builtinVectors) =>
      openRecall({ store, indexes, vectors, clock: { now: () => nowMs } }),
    async stop() {
      await db.close();
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The user of a sample. */
export function userOf({ set, name }: Pick<Sample, 'set' | 'name'>): string {
  return `${set}-${String(name).replaceAll(/[^A-Za-z0-9_-]/g, '-')}`.slice(0, 64);
}

async function writeSample(store: MemoryStore, sample: Sample): Promise<void> {
  const userId = userOf(sample);
  for (const [talk, messages] of Map.groupBy(sample.messages, (message) => message.talk)) {
    const events = messages.map((message, at) => toEvent(message, { talk, seq: at + 2 }));
    const [first] = events;
    if (first === undefined) continue;
    const opening: ConversationEvent = {
      ...{ conversationId: talk, seq: 1, at: first.at, type: 'conversation.created' },
      ...{ title: null, agent: 'assistant', model: null },
    };
    const logged = [opening, ...events].map(
      (event): LoggedEvent => ({ event, streamSeq: event.seq }),
    );
    for (let from = 0; from < logged.length; from += 50) {
      await store.apply({ userId, conversationId: talk }, logged.slice(from, from + 50));
    }
  }
}

function toEvent(
  message: BenchmarkMessage,
  { talk, seq }: { readonly talk: string; readonly seq: number },
): ConversationEvent {
  const place = { conversationId: talk, seq, at: new Date(message.atMs).toISOString() };
  const { text, speaker } = message;
  const id = String(message.id);
  if (message.role === 'user') {
    const named = speaker === null ? {} : { speaker };
    return { ...place, type: 'message.added', messageId: id, text, ...named };
  }
  return {
    ...place,
    ...{ type: 'turn.completed', run: id, messageId: id, text, step: 0, usage: null },
    ...{ cost: { usd: null, source: 'unknown' }, timings: { firstTokenMs: 0, totalMs: 0 } },
    ...{ isSimulated: false, provider: 'anthropic', model: 'benchmark', rule: '', reason: '' },
    stop: { unified: 'stop', raw: null },
  };
}
