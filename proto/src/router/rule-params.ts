import { z } from 'zod';

/** Hours and minutes, `00:00` to `23:59`. */
export const timeOfDaySchema = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);

/** A name of the IANA time zone database; one that is not known counts as UTC. */
export const timeZoneSchema = z.string().regex(/^[A-Za-z0-9_+\-/]{1,64}$/);

/** Name of a rule or of a tier. */
export const ruleNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and hyphens, at most 64');

/** What a rule asks of the model that it chooses. */
export const ruleParamsSchema = z.strictObject({
  effort: z.enum(['low', 'medium', 'high']).optional(),
  temperature: z.number().min(0).max(2).optional(),
  maxOutputTokens: z.number().int().positive().optional(),
});
export type RuleParams = z.infer<typeof ruleParamsSchema>;
