import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract.ts';
import { instantSchema } from '../ids.ts';

/** Names of settings: words of lower-case letters, digits and `-`, joined by dots. */
export const preferenceKeySchema = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*$/, 'is words of lower-case letters joined by dots');

const maxValueChars = 4_000;

/** Anything that JSON can say, within limits; not recursive, so that documents can hold it. */
export const preferenceValueSchema = z
  .union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(z.unknown()),
    z.record(z.string(), z.unknown()),
  ])
  .refine((value) => JSON.stringify(value).length <= maxValueChars, {
    message: `has at most ${maxValueChars} characters as JSON`,
  });

/** A setting of one person, or of the installation where the person has none. */
export const preferenceSchema = z.object({
  key: preferenceKeySchema,
  value: preferenceValueSchema,
  /** `user`: the person's own. `system`: the installation's, or what Mosaic begins with. */
  scope: z.enum(['user', 'system']),
  /** False: fixed by the installation. */
  isMutable: z.boolean(),
  /** Null for what Mosaic begins with. */
  updatedAt: instantSchema.nullable(),
});
export type Preference = z.infer<typeof preferenceSchema>;

/** True while memory is paused: nothing is extracted, nothing recalled. */
export const pausedKey = 'memory.paused';

/** `model`: finished turns are read for memories by a model; `rules`: nothing is sent to one for it. */
export const extractionKey = 'memory.extraction';

/** How every turn of a person is asked, where neither conversation nor message say otherwise. */
export const turnModelKey = 'turn.model';
export const turnTemperatureKey = 'turn.temperature';
export const turnEffortKey = 'turn.effort';

/** Whether, and by which model, messages are judged that the router is not sure about. */
export const routingJudgeKey = 'routing.judge';

/** The body of `PUT /api/preferences/:key`; null removes the own value. */
export const putPreferenceBody = z.strictObject({ value: preferenceValueSchema });

/** The body of `PUT /api/admin/preferences/:key`. */
export const putSystemPreferenceBody = z.strictObject({
  value: preferenceValueSchema,
  isFixed: z.boolean().default(false),
});

export const getPreference = defineRequest({
  subject: 'memory.preference.get',
  summary: 'One setting as it holds for the caller.',
  request: z.object({ key: preferenceKeySchema }),
  reply: z.object({ preference: preferenceSchema }),
  servedBy: 'memory',
  calledBy: ['gateway', 'agents'],
  caller: 'user',
});

export const putPreference = defineRequest({
  subject: 'memory.preference.put',
  summary: 'Sets one of the caller’s settings; null goes back to what the installation has.',
  request: z.object({ key: preferenceKeySchema, value: preferenceValueSchema }),
  reply: z.object({ preference: preferenceSchema }),
  servedBy: 'memory',
  calledBy: ['gateway', 'agents'],
  caller: 'user',
});

export const listPreferences = defineRequest({
  subject: 'memory.preference.list',
  summary: 'All settings as they hold for the caller.',
  request: z.object({}),
  reply: z.object({ preferences: z.array(preferenceSchema) }),
  servedBy: 'memory',
  calledBy: ['gateway', 'agents', 'router'],
  caller: 'user',
});

export const putSystemPreference = defineRequest({
  subject: 'memory.preference.put-system',
  summary:
    'Sets what holds for everybody who has chosen nothing, or for everybody when it is fixed.',
  request: z.object({
    key: preferenceKeySchema,
    value: preferenceValueSchema,
    isFixed: z.boolean().default(false),
  }),
  reply: z.object({ preference: preferenceSchema }),
  servedBy: 'memory',
  calledBy: ['gateway'],
  caller: 'admin',
});

/** Heard by everybody who keeps settings at hand: what is kept of this person is old. */
export const preferencesChanged = defineEvent({
  subject: 'memory.preferences.changed',
  summary: 'A setting of one person was saved, or one that holds for everybody.',
  fact: z.object({
    userId: z.string().nullable().describe('Null when it holds for everybody.'),
    key: preferenceKeySchema,
  }),
  publishedBy: ['memory'],
  consumedBy: ['agents', 'router'],
  stream: null,
});
