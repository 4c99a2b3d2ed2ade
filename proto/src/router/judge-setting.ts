import { z } from 'zod';
import { modelNameSchema } from './decide-route.ts';

/** Which model judges the messages that the router is not sure about, and how long it may take. */
const judgeSchema = z.strictObject({
  model: modelNameSchema.describe('A cheap model, or `tier/<name>` for the first of it that can.'),
  /** Messages that the router is surer of than this are not judged. */
  below: z.number().min(0).max(1).default(0.5),
  /** Behind this the router's own word stands. */
  timeoutMs: z.number().int().min(50).max(3_000).default(800),
});
export type Judge = z.infer<typeof judgeSchema>;

/** Value of the setting `routing.judge`: nobody is asked unless somebody says who. */
export const judgeSettingSchema = z.union([z.literal('off'), judgeSchema], {
  error: 'is "off", or {"model": "…", "below"?: 0 to 1, "timeoutMs"?: 50 to 3000}',
});
