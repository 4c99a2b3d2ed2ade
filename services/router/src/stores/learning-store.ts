import { type Exemplar, exemplarSchema, type Feedback, feedbackSchema } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import type { Selectable } from 'kysely';
import type { RouterTables } from './tables.ts';
import { addExemplar, deleteExemplar } from './write-exemplars.ts';

type Db = Database<RouterTables>;
type Answer = RouterTables['suggestion_answer']['answer'];

/** Everything that is done with feedback and what is learned from it; each call is one transaction. */
export function openLearningStore(db: Db) {
  return {
    keepFeedback: (userId: string, feedback: Feedback) => keepFeedback(db, userId, feedback),
    readFeedback: (userId: string, limit: number) => readFeedback(db, userId, limit),
    readAnswered: (userId: string) => readAnswered(db, userId),
    answer: (userId: string, id: string, answer: Answer) => keepAnswer(db, userId, { id, answer }),
    addExemplar: (writer: Parameters<typeof addExemplar>[1], exemplar: Exemplar) =>
      addExemplar(db, writer, exemplar),
    deleteExemplar: (writer: Parameters<typeof deleteExemplar>[1], id: string) =>
      deleteExemplar(db, writer, id),
  };
}

export type LearningStore = ReturnType<typeof openLearningStore>;

const opposite = { up: 'down', down: 'up' } as const;

/** The last word about a message counts; a thumb takes the place of the other one. */
async function keepFeedback(db: Db, userId: string, feedback: Feedback): Promise<void> {
  const { kind, was } = feedback;
  const content = {
    id: feedback.id,
    at: feedback.at,
    task: feedback.task,
    model: feedback.model,
    words: feedback.words,
    was: JSON.stringify(was),
  };
  const about = { conversation_id: feedback.conversationId, message_id: feedback.messageId };
  await db.asUser({ userId }, async (tx) => {
    if (kind === 'up' || kind === 'down') {
      await tx
        .deleteFrom('feedback')
        .where('user_id', '=', userId)
        .where('message_id', '=', feedback.messageId)
        .where('kind', '=', opposite[kind])
        .execute();
    }
    await tx
      .insertInto('feedback')
      .values({ user_id: userId, kind, ...about, ...content })
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'message_id', 'kind']).doUpdateSet(content),
      )
      .execute();
  });
}

/** Newest first. */
async function readFeedback(db: Db, userId: string, limit: number): Promise<readonly Feedback[]> {
  const rows = await db.asUser({ userId }, (tx) =>
    tx
      .selectFrom('feedback')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute(),
  );
  return rows.flatMap((row) => toFeedback(row) ?? []);
}

/** Undefined for a row of another version of Mosaic. */
function toFeedback(row: Selectable<RouterTables['feedback']>): Feedback | undefined {
  const { conversation_id: conversationId, message_id: messageId, ...rest } = row;
  const read = { ...rest, conversationId, messageId, at: row.at.toISOString() };
  return feedbackSchema.safeParse(read).data;
}

async function readAnswered(db: Db, userId: string): Promise<ReadonlySet<string>> {
  const rows = await db.asUser({ userId }, (tx) =>
    tx.selectFrom('suggestion_answer').select('id').where('user_id', '=', userId).execute(),
  );
  return new Set(rows.map(({ id }) => id));
}

async function keepAnswer(
  db: Db,
  userId: string,
  { answer, id }: { readonly id: string; readonly answer: Answer },
): Promise<void> {
  await db.asUser({ userId }, (tx) =>
    tx
      .insertInto('suggestion_answer')
      .values({ user_id: userId, id, answer })
      .onConflict((conflict) => conflict.columns(['user_id', 'id']).doUpdateSet({ answer }))
      .execute(),
  );
}

/** Undefined for a row of another version of Mosaic. */
export function toExemplar(row: Selectable<RouterTables['exemplar']>): Exemplar | undefined {
  const { created_at: createdAt, id, scope, task, words } = row;
  const read = { id, scope, task, words, createdAt: createdAt.toISOString() };
  return exemplarSchema.safeParse(read).data;
}
