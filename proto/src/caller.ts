import { z } from 'zod';
import { idSchema } from './ids.ts';

/**
 * On whose behalf a message travels. Signed by the gateway, carried in headers, never in bodies;
 * a service acting for nobody (a sweep, a probe) has role `service` and its own name as userId.
 */
export const callerSchema = z.object({
  userId: idSchema,
  role: z.enum(['member', 'admin', 'service']),
  /** Where the person came in: `web`, `tui`, `api`, `channel:<id>` … for the log and for rules. */
  via: z.string().max(80).optional(),
});
export type Caller = z.infer<typeof callerSchema>;

/** Names of the headers that every message on the bus carries. */
export const busHeaders = {
  caller: 'Mosaic-Caller',
  /** Milliseconds the receiver may still take; relative, so that clocks need not agree. */
  timeoutMs: 'Mosaic-Timeout-Ms',
  trace: 'traceparent',
  stream: 'Mosaic-Stream',
  partNumber: 'Mosaic-Part',
  partKind: 'Mosaic-Part-Kind',
  /** Of a question: its reader takes several parts in one message. Of a message: how many it has. */
  parts: 'Mosaic-Parts',
  schema: 'Mosaic-Schema',
} as const;
