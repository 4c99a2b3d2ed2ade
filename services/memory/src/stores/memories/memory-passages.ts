import { type Selectable, sql, type Transaction } from 'kysely';
import { markSuperseded, writePassages } from '../passages/write-passages.ts';
import type { MemoryTables } from '../tables.ts';

type Tx = Transaction<MemoryTables>;

/**
 * Whoever writes memories takes this lock before any row of theirs, as whoever writes messages does:
 * two transactions of one user then never wait for each other.
 */
export async function lockPassages(tx: Tx, userId: string): Promise<void> {
  await sql`
    insert into passage_state (user_id) values (${userId})
    on conflict (user_id) do update set version = passage_state.version`.execute(tx);
}

/** Makes a memory findable with the transaction that writes it. */
export async function writeMemoryPassages(
  tx: Tx,
  row: Selectable<MemoryTables['memory']>,
): Promise<void> {
  const passage = {
    source: 'memory',
    sourceId: row.id,
    conversationId: row.conversation_id,
    position: 0,
    // It is the person's, whoever wrote it down.
    role: 'user',
    speaker: null,
    saidAt: (row.valid_from ?? row.created_at).toISOString(),
    text: row.text,
  } as const;
  await writePassages(tx, row.user_id, [passage]);
}

/** It still is found, as something that was. */
export async function endMemoryPassages(tx: Tx, userId: string, id: string): Promise<void> {
  await markSuperseded(tx, userId, { sourceIds: [id], at: new Date().toISOString() });
}
