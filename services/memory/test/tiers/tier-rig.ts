import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type ConversationEvent, makeId } from '@mosaic/proto';
import { type Database, openDatabase } from '@mosaic/service-kit';
import { sql } from 'kysely';
import type { Recall } from '../../src/adapters/recall/open-recall.ts';
import type { ConversationKey } from '../../src/app/follow-conversation.ts';
import type { MemoryStore } from '../../src/stores/memory-store.ts';
import type { MemoryTables } from '../../src/stores/tables.ts';
import {
  asked,
  completed,
  created,
  type EventDraft,
  toolCalled,
  toolFinished,
} from '../event-drafts.ts';

const longAgo = Date.UTC(2025, 0, 1);

export interface Rig {
  readonly db: () => Database<MemoryTables>;
  readonly store: () => MemoryStore;
  readonly recall: () => Recall;
  readonly url: string;
}

export function openTables(url: string): Database<MemoryTables> {
  return openDatabase<MemoryTables>({
    url,
    schema: 'memory',
    role: 'memory_app',
    migrationsDir: join(import.meta.dirname, '..', '..', 'migrations'),
  });
}

/** Events of a conversation in the past, one a minute. */
export function place(conversationId: string, drafts: readonly EventDraft[], from = 1) {
  return drafts.map((draft, index) => ({
    streamSeq: from + index,
    event: {
      ...draft,
      conversationId,
      seq: from + index,
      at: new Date(longAgo + (from + index) * 60_000).toISOString(),
    } as ConversationEvent,
  }));
}

/** Everything that the projection can make of events: steps, a run begun anew, odd characters. */
export function eventful(): readonly EventDraft[] {
  const [question, followUp] = [makeId(), makeId()];
  return [
    created('Eventful'),
    asked(question, 'What is the time\0 in 東京 \ud800?'),
    toolCalled('run-a', 'call-1', 'I will look at the clock.'),
    toolFinished('run-a', 'call-1', 'It is "late"\n\\u0000'),
    { type: 'turn.restarted', run: 'run-b', messageId: question, previousRun: 'run-a', why: 'x' },
    toolCalled('run-b', 'call-2', 'Once more.'),
    toolFinished('run-b', 'call-2', 'late'),
    completed('run-b', question, 'It is late in Tokyo.'),
    asked(followUp, 'Thank you, 谢谢 👍'),
    completed('run-c', followUp, '别客气。'.repeat(40)),
  ];
}

export async function fill(
  rig: Rig,
  drafts: readonly EventDraft[] = eventful(),
): Promise<ConversationKey> {
  const key = { userId: makeId(), conversationId: makeId() };
  await rig.store().apply(key, place(key.conversationId, drafts));
  return key;
}

export const chill = async (rig: Rig, key: ConversationKey) => {
  const seq = (await rig.store().findConversation(key))?.seq ?? 0;
  const freed = await rig.store().chillConversation({ ...key, seq });
  assert.notEqual(freed, null);
  return freed ?? 0;
};

/** Every column of the rows of a conversation, as text. */
export async function rowsOf(rig: Rig, { conversationId, userId }: ConversationKey) {
  return rig.db().asUser({ userId }, async (tx) => {
    const dump = async (table: string, id = 'conversation_id') => {
      const { rows } = await sql<{ row: string }>`
        select one::text as row from ${sql.table(table)} one
        where ${sql.ref(id)} = ${conversationId} order by 1`.execute(tx);
      return rows.map(({ row }) => row);
    };
    return {
      event: await dump('event'),
      message: await dump('message'),
      passage: await dump('passage'),
      cold_part: await dump('cold_part'),
    };
  });
}

export const everything = { afterSeq: 0, beforeSeq: undefined, limit: 1_000 };
