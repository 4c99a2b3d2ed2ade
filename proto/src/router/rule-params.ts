import { z } from 'zod';

/** Hours and minutes, `00:00` to `23:59`. */
export const timeOfDaySchema = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);

/** Name of a rule or of a tier. */
export const ruleNameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

/** What a rule asks of the model that it chooses. */
export const ruleParamsSchema = z.strictObject({
  effort: z.enum(['low', 'medium', 'high']).optional(),
  temperature: z.number().min(0).max(2).optional(),
  maxOutputTokens: z.number().int().positive().optional(),
});
export type RuleParams = z.infer<typeof ruleParamsSchema>;
