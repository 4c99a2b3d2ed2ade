import { z } from 'zod';
import { defineState } from '../contract.ts';
import { instantSchema } from '../ids.ts';

/**
 * Why a key rests: `rate-limit` for a while, `quota` without balance or within a used-up plan,
 * `refused` until it passes a test.
 */
export const keyRestKindSchema = z.enum(['rate-limit', 'quota', 'refused']);
export type KeyRestKind = z.infer<typeof keyRestKindSchema>;

/** A key of a vendor that nobody asks with until then. The entry's name is the key's id. */
export const keyRestSchema = z.object({
  kind: keyRestKindSchema,
  since: instantSchema,
  until: instantSchema,
  reason: z.string().max(500).describe('The vendor’s own sentence, without the key.'),
});

export const keyRests = defineState({
  bucket: 'COOLDOWNS',
  summary: 'Vendor keys that rest, so that no replica asks with them before their time.',
  value: keyRestSchema,
  usedBy: ['providers'],
  // A longer rest (a weekly plan) is found out again by one call of who did not see it begin.
  ttlS: 24 * 3_600,
});
