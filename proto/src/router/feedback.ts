import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { clientIdSchema, idSchema, instantSchema } from '../ids.ts';
import { modelNameSchema } from './decide-route.ts';
import { complexitySchema, taskTypeSchema } from './decision.ts';
import { routingRuleSchema, ruleFindingSchema, storedRuleSchema } from './rules.ts';

/**
 * What a person says about where a message went: it is another `task`, another `model` was asked
 * instead, or thumbs `up` and `down`.
 */
export const feedbackKinds = ['task', 'model', 'up', 'down'] as const;

const about = {
  conversationId: idSchema,
  messageId: clientIdSchema.describe('The message of the person, not its answer.'),
};

export const feedbackSchema = z.object({
  id: idSchema,
  at: instantSchema,
  ...about,
  kind: z.enum(feedbackKinds),
  task: taskTypeSchema.nullable(),
  model: z.string().nullable(),
  words: z.string().describe('The beginning of the message.'),
  /** What was decided about it. */
  was: z.object({
    task: taskTypeSchema,
    complexity: complexitySchema,
    model: z.string().describe('As `provider/model`.'),
    rule: z.string(),
    next: z.string().nullable().describe('The first alternative.'),
  }),
});
export type Feedback = z.infer<typeof feedbackSchema>;

/** A message that stands for a task: what is much like it is taken for the same. */
export const exemplarSchema = z.object({
  id: idSchema,
  scope: z.enum(['system', 'user']),
  words: z.string().min(1).max(1_000),
  task: taskTypeSchema,
  createdAt: instantSchema,
});
export type Exemplar = z.infer<typeof exemplarSchema>;

/** What could be learned from feedback. It is offered, and never applied by itself. */
export const suggestionSchema = z.object({
  id: idSchema,
  kind: z.enum(['exemplar', 'rule']),
  sentence: z.string().describe('What would change, and because of what.'),
  exemplar: exemplarSchema.pick({ words: true, task: true }).optional(),
  rule: routingRuleSchema.optional(),
  /** The feedback that it is made from. */
  because: z.array(idSchema),
});
export type Suggestion = z.infer<typeof suggestionSchema>;

const served = { servedBy: 'router', calledBy: ['gateway'], caller: 'user' } as const;

export const giveFeedback = defineRequest({
  subject: 'router.feedback.give',
  summary: 'Keeps what a person says about the route of one of their messages; changes no route.',
  request: z.object({
    ...about,
    kind: z.enum(feedbackKinds),
    /** With `task`: what the message is. */
    task: taskTypeSchema.optional(),
    /** With `model`: who was asked instead. */
    model: modelNameSchema.optional(),
  }),
  reply: z.object({
    feedback: feedbackSchema,
    /** What is offered because of it, if anything is. */
    suggestions: z.array(suggestionSchema),
  }),
  ...served,
});

export const listFeedback = defineRequest({
  subject: 'router.feedback.list',
  summary: "The caller's own feedback, newest first.",
  request: z.object({ limit: z.number().int().min(1).max(500).default(200) }),
  reply: z.object({ feedback: z.array(feedbackSchema) }),
  ...served,
});

export const listSuggestions = defineRequest({
  subject: 'router.suggestion.list',
  summary: "What could be learned from the caller's own feedback and was not answered yet.",
  request: z.object({}),
  reply: z.object({ suggestions: z.array(suggestionSchema) }),
  ...served,
});

export const acceptSuggestion = defineRequest({
  subject: 'router.suggestion.accept',
  summary: "Makes a suggestion the caller's rule or exemplar, or for administrators everybody's.",
  request: z.object({ id: idSchema, scope: z.enum(['system', 'user']).default('user') }),
  reply: z.object({
    rule: storedRuleSchema.optional(),
    exemplar: exemplarSchema.optional(),
    findings: z.array(ruleFindingSchema),
  }),
  ...served,
});

export const dismissSuggestion = defineRequest({
  subject: 'router.suggestion.dismiss',
  summary: 'Does not offer a suggestion again.',
  request: z.object({ id: idSchema }),
  reply: z.object({ isDismissed: z.boolean() }),
  ...served,
});

export const listExemplars = defineRequest({
  subject: 'router.exemplar.list',
  summary: "The messages that stand for a task: the caller's own and everybody's.",
  request: z.object({}),
  reply: z.object({ exemplars: z.array(exemplarSchema) }),
  ...served,
});

export const deleteExemplar = defineRequest({
  subject: 'router.exemplar.delete',
  summary:
    'Removes an exemplar of the caller, or of everybody when the caller is an administrator.',
  request: z.object({ id: idSchema }),
  reply: z.object({ isDeleted: z.boolean() }),
  ...served,
});
