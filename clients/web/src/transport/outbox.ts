import { clientIdSchema, idSchema } from '@mosaic/proto';
import { z } from 'zod';

/** A message on its way: kept until the conversation's log shows it. */
const outboxEntrySchema = z.object({
  conversationId: idSchema,
  messageId: clientIdSchema,
  text: z.string(),
  /** Set while the conversation itself must still be opened, with what was chosen for it. */
  opens: z.object({ model: z.string().nullable(), agent: z.string().nullable() }).nullable(),
  state: z.enum(['sending', 'sent', 'failed']),
  /** Why it failed, for people. */
  problem: z.string().nullable(),
});
export type OutboxEntry = Readonly<z.infer<typeof outboxEntrySchema>>;

const storageKey = 'mosaic.outbox';

/** What an earlier load of this tab had not got through yet. */
export function loadOutbox(storage: Storage): readonly OutboxEntry[] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(storageKey) ?? '[]');
    return z.array(outboxEntrySchema).catch([]).parse(stored);
  } catch {
    return [];
  }
}

/** Keeps the outbox for a reload; a full storage costs only that safety. */
export function saveOutbox(storage: Storage, outbox: readonly OutboxEntry[]): void {
  try {
    if (outbox.length === 0) storage.removeItem(storageKey);
    else storage.setItem(storageKey, JSON.stringify(outbox));
  } catch (error) {
    console.warn('the outbox could not be kept for a reload', error);
  }
}
