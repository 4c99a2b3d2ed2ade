import { z } from 'zod';
import { defineState } from '../contract.ts';
import { instantSchema } from '../ids.ts';

/**
 * Why a key rests: `rate-limit` for a while, `quota` without balance or within a used-up plan,
 * `refused` until it passes a test, `forbidden` a model that the key may not use.
 */
export const keyRestKindSchema = z.enum(['rate-limit', 'quota', 'refused', 'forbidden']);
export type KeyRestKind = z.infer<typeof keyRestKindSchema>;

/**
 * What a replica says about a key: nobody asks with it until then; or it is `ready`, which ends an
 * earlier refusal. The entry's name is the key's id, or that of one model with the key.
 */
export const keyWordSchema = z.object({
  kind: z.enum([...keyRestKindSchema.options, 'ready']),
  since: instantSchema,
  until: instantSchema,
  reason: z.string().max(500).describe('The vendor’s own sentence, without the key.'),
  by: z.string().max(64).describe('Id of the replica, which knows its own words.'),
});
export type KeyWord = z.infer<typeof keyWordSchema>;

export const keyRests = defineState({
  bucket: 'COOLDOWNS',
  summary: 'Vendor keys that rest, so that no replica asks with them before their time.',
  value: keyWordSchema,
  usedBy: ['providers'],
  // A longer rest (a weekly plan) is found out again by one call of who did not see it begin.
  ttlS: 24 * 3_600,
});
