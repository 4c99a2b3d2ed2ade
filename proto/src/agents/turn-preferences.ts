import { z } from 'zod';
import { efforts } from '../providers/stream-completion.ts';
import { modelNameSchema } from '../router/decide-route.ts';

/** How the model of a turn is wished for at one level; null leaves it to a weaker one. */
export const turnPreferencesSchema = z.strictObject({
  model: modelNameSchema.nullable().default(null),
  temperature: z.number().min(0).max(2).nullable().default(null),
  effort: z.enum(efforts).nullable().default(null),
});
export type TurnPreferences = z.infer<typeof turnPreferencesSchema>;

/**
 * Who said how a model is to be asked, weakest first; a stronger one hides a weaker one. `fixed` is
 * the installation again, where it lets nobody else say.
 */
export const settingSources = [
  'platform',
  'system-rule',
  'agent',
  'user',
  'user-rule',
  'conversation',
  'message',
  'fixed',
] as const;
export type SettingSource = (typeof settingSources)[number];

const from = z.enum(settingSources);

/** How the model of a turn is asked, and who said so. What nobody said is left out. */
export const turnSettingsSchema = z.object({
  model: z.object({ value: z.string(), from }).optional(),
  temperature: z.object({ value: z.number(), from }).optional(),
  effort: z.object({ value: z.enum(efforts), from }).optional(),
});
export type TurnSettings = z.infer<typeof turnSettingsSchema>;
