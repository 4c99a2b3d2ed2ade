import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { efforts } from '../providers/stream-completion.ts';
import { modelNameSchema } from '../router/decide-route.ts';

/** A person's standing choices for all their conversations; null leaves it to the agent. */
export const turnPreferencesSchema = z.strictObject({
  model: modelNameSchema.nullable().default(null),
  temperature: z.number().min(0).max(2).nullable().default(null),
  effort: z.enum(efforts).nullable().default(null),
});
export type TurnPreferences = z.infer<typeof turnPreferencesSchema>;

/** Who said how a model is to be asked, weakest first; a stronger one hides a weaker one. */
export const settingSources = [
  'platform',
  'system-rule',
  'agent',
  'user',
  'user-rule',
  'conversation',
  'message',
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

const served = { servedBy: 'agents', calledBy: ['gateway'], caller: 'user' } as const;

export const getTurnPreferences = defineRequest({
  subject: 'agents.preferences.get',
  summary: 'The standing choices of the caller.',
  request: z.object({}),
  reply: turnPreferencesSchema,
  ...served,
});

export const putTurnPreferences = defineRequest({
  subject: 'agents.preferences.put',
  summary: 'Sets the standing choices of the caller, all of them at once.',
  request: turnPreferencesSchema,
  reply: turnPreferencesSchema,
  ...served,
});
