import { clientIdSchema, idSchema } from '@mosaic/proto';
import { z } from 'zod';

/** A message on its way: kept until the conversation's log shows it. */
const outboxEntrySchema = z.object({
  conversationId: idSchema,
  messageId: clientIdSchema,
  text: z.string(),
  /** The model for this one message; null leaves it to the conversation. */
  model: z.string().nullable().default(null),
  /** Set while the conversation itself must still be opened, with what was chosen for it. */
  opens: z.object({ model: z.string().nullable(), agent: z.string().nullable() }).nullable(),
  state: z.enum(['sending', 'sent', 'failed']),
  /** Why it failed, for people. */
  problem: z.string().nullable(),
});
export type OutboxEntry = Readonly<z.infer<typeof outboxEntrySchema>>;

/** The messages on their way and whose they are: nobody else's session may send them. */
const outboxSchema = z.object({
  owner: z.string().nullable(),
  entries: z.array(outboxEntrySchema),
});
export interface Outbox {
  readonly owner: string | null;
  readonly entries: readonly OutboxEntry[];
}

const storageKey = 'mosaic.outbox';
const emptyOutbox: Outbox = { owner: null, entries: [] };

/** What an earlier load of this tab had not got through yet. */
export function loadOutbox(storage: Storage): Outbox {
  try {
    return outboxSchema.parse(JSON.parse(storage.getItem(storageKey) ?? 'null'));
  } catch {
    return emptyOutbox;
  }
}

/** Keeps the outbox for a reload; a full storage costs only that safety. */
export function saveOutbox(storage: Storage, outbox: Outbox): void {
  try {
    if (outbox.entries.length === 0) storage.removeItem(storageKey);
    else storage.setItem(storageKey, JSON.stringify(outbox));
  } catch (error) {
    console.warn('the outbox could not be kept for a reload', error);
  }
}
