import type { ConversationEvent } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import type { ConversationKey } from '../app/follow-conversation.ts';
import type { StandingMemory } from '../app/memories/standing-block.ts';
import { type Found, findIn } from './conversations.ts';
import { readStanding } from './memories/standing.ts';
import type { MemoryTables } from './tables.ts';
import { readColdEvents } from './tiers/cold-parts.ts';
import { bringBack } from './tiers/restore-conversation.ts';

export interface EventQuery {
  readonly afterSeq: number;
  /** Given: the newest `limit` events before it; else the oldest ones after `afterSeq`. */
  readonly beforeSeq: number | undefined;
  readonly limit: number;
}

/**
 * Events of one conversation in the direction of the query, nearest first. A cold one is read where it
 * is and stays cold: a job or an export that looks at everything must not bring everything back.
 */
export async function readEvents(
  db: Database<MemoryTables>,
  key: ConversationKey,
  query: EventQuery,
): Promise<readonly ConversationEvent[]> {
  const { afterSeq, beforeSeq, limit } = query;
  return db.asUser(key, async (tx) => {
    const after = tx
      .selectFrom('event')
      .select('payload')
      .where('user_id', '=', key.userId)
      .where('conversation_id', '=', key.conversationId)
      .where('seq', '>', afterSeq)
      .limit(limit);
    const rows = await (beforeSeq === undefined
      ? after.orderBy('seq', 'asc').execute()
      : after.where('seq', '<', beforeSeq).orderBy('seq', 'desc').execute());
    return rows.length > 0 ? rows.map((row) => row.payload) : readColdEvents(tx, key, query);
  });
}

/** A conversation, and the events from which its newest turns can be made. */
export interface Recent {
  readonly conversation: Found;
  /** Oldest first; empty when the conversation has not reached the wanted number. */
  readonly events: readonly ConversationEvent[];
  /** Preferences and standing instructions; none in an incognito conversation or while paused. */
  readonly standing: readonly StandingMemory[];
}

/**
 * Reads the events of the newest `maxTurns` turns, all in one transaction. Each question opens a turn,
 * so going back by that many questions is always enough.
 */
export function readRecent(
  db: Database<MemoryTables>,
  key: ConversationKey,
  want: { readonly minSeq: number; readonly maxTurns: number },
): Promise<Recent> {
  return db.asUser(key, async (tx) => {
    const conversation = await findIn(tx, key);
    if (conversation === null || (conversation?.seq ?? 0) < want.minSeq) {
      return { conversation, events: [], standing: [] };
    }
    const standing = conversation?.isIncognito === true ? [] : await readStanding(tx, key.userId);
    if (conversation === undefined) {
      return { conversation, events: [], standing };
    }
    if (conversation.tier === 'cold' && !(await bringBack(tx, key))) {
      return { conversation: undefined, events: [], standing: [] };
    }
    const events = tx
      .selectFrom('event')
      .where('user_id', '=', key.userId)
      .where('conversation_id', '=', key.conversationId)
      .where('seq', '<=', conversation.seq);
    const questions = events
      .select('seq')
      .where('type', '=', 'message.added')
      .orderBy('seq', 'desc')
      .limit(want.maxTurns);
    const rows = await events
      .select('payload')
      .where('type', 'not like', 'conversation.%')
      .where('seq', '>=', (eb) =>
        eb.selectFrom(questions.as('question')).select((from) => from.fn.min('seq').as('seq')),
      )
      .orderBy('seq', 'asc')
      .execute();
    return { conversation, events: rows.map((row) => row.payload), standing };
  });
}
