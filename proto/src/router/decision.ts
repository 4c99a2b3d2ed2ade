import { z } from 'zod';
import { modelRefSchema } from '../providers/model-ref.ts';
import { skippedCandidateSchema } from '../providers/stream-completion.ts';

export const taskTypes = [
  'coding',
  'math',
  'reasoning',
  'simple_qa',
  'summarization',
  'extraction',
  'classification',
  'creative_writing',
  'rewriting',
  'translation',
  'brainstorming',
  'chat',
  'data_analysis',
  'research',
] as const;
export const taskTypeSchema = z.enum(taskTypes);
export type TaskType = z.infer<typeof taskTypeSchema>;

export const complexitySchema = z.enum(['simple', 'moderate', 'complex']);
export type Complexity = z.infer<typeof complexitySchema>;

export const needSchema = z.enum(['tools', 'vision', 'long-context', 'reasoning', 'json']);
export type Need = z.infer<typeof needSchema>;

/** What the local classifier made of the user's own words. */
export const taskProfileSchema = z.object({
  task: taskTypeSchema,
  confidence: z.number().min(0).max(1),
  complexity: complexitySchema,
  domain: z.enum(['frontend', 'backend', 'devops', 'data', 'docs', 'general']),
  language: z.string().describe('ISO 639-1 code, or `und` when it cannot be told.'),
  needs: z.array(needSchema),
  /** The signals that decided, strongest first, in words a person understands. */
  cues: z.array(z.string().max(80)).max(8),
  promptTokens: z.number().int().nonnegative().describe('Estimate for the whole prompt.'),
});
export type TaskProfile = z.infer<typeof taskProfileSchema>;

/** Which authority made the choice, highest first (`design`: order of authority). */
export const authoritySchema = z.enum([
  'message',
  'pinned',
  'agent',
  'user-rule',
  'system-rule',
  'default',
]);
export type Authority = z.infer<typeof authoritySchema>;

/** The record of one choice of a model: shown, stored with the answer, and rendered from nowhere else. */
export const routeDecisionSchema = z.object({
  provider: modelRefSchema.shape.provider,
  model: modelRefSchema.shape.model,
  modelName: z.string().describe('Name for people.'),
  rule: z.string().describe('Name of the rule, or of the authority when no rule decided.'),
  authority: authoritySchema,
  reason: z.string().max(200).describe('One sentence for people, rendered from this record.'),
  profile: taskProfileSchema,
  /** Next choices in order, tried when the first fails before it shows anything. */
  alternatives: z.array(modelRefSchema),
  /** Candidates that were passed over, and why. */
  skipped: z.array(skippedCandidateSchema),
  /** Every rule looked at, in order, with the condition that failed; null for the one that matched. */
  considered: z.array(z.object({ rule: z.string(), failed: z.string().nullable() })),
  expectedCostUsd: z.number().nonnegative().nullable(),
  policyVersion: z.string(),
  tookUs: z.number().nonnegative().describe('Time to decide, in microseconds.'),
});
export type RouteDecision = z.infer<typeof routeDecisionSchema>;
