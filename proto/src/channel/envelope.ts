import { z } from 'zod';
import { clientIdSchema, idSchema, instantSchema } from '../ids.ts';

/** Major version of the channel protocol. */
export const channelProtocolVersion = 1;

/** In front of every channel message in both directions. */
export const channelEnvelope = {
  v: z.literal(channelProtocolVersion),
  /** Idempotency key: the same id twice is the same message, in both directions. */
  id: clientIdSchema,
  channelId: idSchema,
  at: instantSchema,
  /** The bridge's own ids (event id, room id), kept as they are. */
  native: z.record(z.string(), z.string()).default({}),
};

/** Where on the platform: a room, and a thread in it where the platform has threads. */
export const placeSchema = z.object({
  room: z.string().min(1).max(255),
  thread: z.string().max(255).optional(),
});
export type Place = z.infer<typeof placeSchema>;

/** What a bridge's platform can do; the core degrades to it, so that bridges stay thin. */
export const channelCapabilitiesSchema = z.object({
  streaming: z.enum(['none', 'edit', 'native']),
  /** Least time between two edits of one message, in milliseconds. */
  editIntervalMs: z.number().int().nonnegative().default(1_500),
  markdown: z.enum(['none', 'commonmark']),
  maxTextChars: z.number().int().positive(),
  threads: z.boolean(),
  /** False: an unknown outcome is never retried by itself, because it could be shown twice. */
  idempotentSend: z.boolean(),
});
export type ChannelCapabilities = z.infer<typeof channelCapabilitiesSchema>;
