import type { Database } from '@mosaic/service-kit';
import { sql, type Transaction } from 'kysely';
import type { MemoryTables } from '../tables.ts';
import { type PassageText, writePassages } from './write-passages.ts';

/** Raise it when texts are cut or read in another way: everybody's messages are written anew. */
const wayOfCutting = 1;
const messagesAtOnce = 200;

interface MessageRow {
  readonly sourceId: string;
  readonly conversationId: string;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly at: Date;
  readonly position: number;
  readonly speaker: string | null;
}

/**
 * Makes the messages of one user findable that were written before there were passages, some hundred
 * in a transaction, so that nobody waits for long; answers how many. Begun anew it goes on where it
 * was, and beside others that do the same it does nothing twice.
 */
export async function backfillPassages(
  db: Database<MemoryTables>,
  userId: string,
): Promise<number> {
  let total = 0;
  let after: Place = { conversationId: '', sourceId: '' };
  for (;;) {
    const found = await db.asUser({ userId }, (tx) => fillSome(tx, userId, after));
    total += found.length;
    const last = found.at(-1);
    if (last === undefined || found.length < messagesAtOnce) return total;
    after = last;
  }
}

type Place = Pick<MessageRow, 'conversationId' | 'sourceId'>;

async function fillSome(
  tx: Transaction<MemoryTables>,
  userId: string,
  after: Place,
): Promise<readonly Place[]> {
  const state = await lockState(tx, userId);
  if (state.made_by === wayOfCutting) return [];
  const rows = await readMissing(tx, userId, after);
  await writePassages(tx, userId, rows.map(toPassage));
  if (rows.length < messagesAtOnce) {
    await tx
      .updateTable('passage_state')
      .set({ made_by: wayOfCutting })
      .where('user_id', '=', userId)
      .execute();
  }
  return rows;
}

async function lockState(tx: Transaction<MemoryTables>, userId: string) {
  await tx
    .insertInto('passage_state')
    .values({ user_id: userId, version: 0, removals: 0, made_by: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return tx
    .selectFrom('passage_state')
    .select('made_by')
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/** The place of a message and its speaker are in the events it was made from. */
async function readMissing(
  tx: Transaction<MemoryTables>,
  userId: string,
  after: Place,
): Promise<readonly MessageRow[]> {
  const { rows } = await sql<MessageRow>`
    select m.id as "sourceId", m.conversation_id as "conversationId", m.role, m.text, m.at,
      coalesce(origin.seq, 0) as position, origin.speaker
    from message m
    join conversation c on c.user_id = m.user_id and c.id = m.conversation_id
      and not c.is_incognito
    left join lateral (
      select min(e.seq) as seq, min(e.payload ->> 'speaker') as speaker from event e
      where e.user_id = m.user_id and e.conversation_id = m.conversation_id
        and ((e.type = 'message.added' and e.payload ->> 'messageId' = m.id)
          or (e.type in ('tool.called', 'turn.completed', 'turn.failed', 'turn.cancelled')
            and e.payload ->> 'run' = m.id))
    ) origin on true
    where m.user_id = ${userId}
      and (m.conversation_id, m.id) > (${after.conversationId}, ${after.sourceId})
      and not exists (
        select from passage p
        where p.user_id = m.user_id and p.source = 'message' and p.source_id = m.id
          and p.conversation_id = m.conversation_id
      )
    order by m.conversation_id, m.id
    limit ${messagesAtOnce}`.execute(tx);
  return rows;
}

function toPassage({ at, ...row }: MessageRow): PassageText {
  return { source: 'message', ...row, saidAt: at.toISOString() };
}
