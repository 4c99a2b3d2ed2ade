import { z } from 'zod';
import { defineEvent } from '../contract.ts';
import { idSchema } from '../ids.ts';

/** A piece of an answer while it is being written. Losing one never loses the answer. */
export const liveDeltaSchema = z.object({
  conversationId: idSchema,
  run: idSchema,
  step: z.number().int().nonnegative(),
  kind: z.enum(['text', 'reasoning']),
  /** Characters (UTF-16 code units) of this kind in this step before this piece. */
  offset: z.number().int().nonnegative(),
  text: z.string(),
});
export type LiveDelta = z.infer<typeof liveDeltaSchema>;

export const live = defineEvent({
  subject: 'live.{userId}.{conversationId}',
  summary: 'Deltas of running turns, coalesced; kept in memory for minutes.',
  fact: liveDeltaSchema,
  publishedBy: ['agents'],
  consumedBy: ['gateway'],
  stream: 'LIVE',
});

/** Asks whichever worker runs a turn of this conversation to stop it. */
export const cancelTurn = defineEvent({
  subject: 'cancel.{userId}.{conversationId}',
  summary: 'Stop the running turn of a conversation (all of them when no run is named).',
  fact: z.object({ conversationId: idSchema, run: idSchema.optional() }),
  publishedBy: ['gateway'],
  consumedBy: ['agents'],
  stream: null,
});
