import { z } from 'zod';
import { modelRefSchema } from '../providers/model-ref.ts';
import { skippedCandidateSchema } from '../providers/stream-completion.ts';
import { recordedInputsSchema } from './record/recorded-inputs.ts';
import { ruleParamsSchema } from './rule-params.ts';
import { ruleTreeSchema } from './rule-tree.ts';

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

export const domainSchema = z.enum(['frontend', 'backend', 'devops', 'data', 'docs', 'general']);
export type Domain = z.infer<typeof domainSchema>;

/** Something pasted beside the user's own words. */
export const attachmentSchema = z.object({
  kind: z.enum([
    'code',
    'log',
    'table',
    'quote',
    'document',
    'agent-prompt',
    'tools',
    'tool-result',
  ]),
  chars: z.number().int().nonnegative(),
});
export type Attachment = z.infer<typeof attachmentSchema>;

/** The earlier turn whose route a message goes on with ("yes", "shorter, please"). */
export const inheritedTurnSchema = z.object({
  turnsBack: z.number().int().min(1).describe("How many of the user's turns ago it was."),
  words: z.string().max(80).describe('The beginning of its own words; empty when not known.'),
  task: taskTypeSchema,
  complexity: complexitySchema.describe('Of that turn: within a task the tier does not fall.'),
  why: z.enum(['approval', 'follow-up', 'tool-result']),
});
export type InheritedTurn = z.infer<typeof inheritedTurnSchema>;

/** What the local classifier made of the user's own words. */
export const taskProfileSchema = z.object({
  task: taskTypeSchema,
  confidence: z.number().min(0).max(1),
  complexity: complexitySchema,
  domain: domainSchema,
  language: z.string().describe('ISO 639-1 code, or `und` when it cannot be told.'),
  needs: z.array(needSchema),
  /** The signals that decided, strongest first, in words a person understands. */
  cues: z.array(z.string().max(80)).max(8),
  promptTokens: z.number().int().nonnegative().describe('Estimate for the whole prompt.'),
  // Everything below came later: records that were stored before have none of it.
  /** The likeliest tasks, best first. */
  top: z
    .array(z.object({ task: taskTypeSchema, p: z.number().min(0).max(1) }))
    .max(3)
    .optional(),
  difficulty: z.number().min(0).max(1).optional().describe('How much a strong model is needed.'),
  /** The turn that this one only carries on; task and complexity are at least that one's. */
  inherits: inheritedTurnSchema.optional(),
  /** What was pasted beside the user's own words, and was not judged. */
  attachments: z.array(attachmentSchema).max(8).optional(),
});
export type TaskProfile = z.infer<typeof taskProfileSchema>;

/** What a decision was made from, together with what the turn before was taken for. */
const decisionInputsSchema = recordedInputsSchema.extend({
  question: recordedInputsSchema.shape.question.extend({
    previousProfile: taskProfileSchema.pick({ task: true, complexity: true }).optional(),
  }),
});
export type RecordedInputs = z.infer<typeof decisionInputsSchema>;

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

/** One thing that conditions were asked about, and who said so; null was known to nobody. */
export const routeFactSchema = z.object({
  fact: z.string(),
  value: z.union([z.string(), z.number(), z.array(z.string()), z.null()]),
  source: z.enum([
    'classifier',
    'estimate',
    'message',
    'caller',
    'rule',
    'agent',
    'clock',
    'limits',
    'nobody',
  ]),
});
export type RouteFact = z.infer<typeof routeFactSchema>;

/** A rule that was looked at. Which condition failed, and on what, is told apart from the sentence. */
const consideredRuleSchema = z.object({
  rule: z.string(),
  failed: z.string().nullable(),
  scope: z.enum(['system', 'user']).optional(),
  condition: ruleTreeSchema.optional().describe('The condition that did not hold.'),
  actual: routeFactSchema.shape.value.optional().describe('What its field was instead.'),
});
export type ConsideredRule = z.infer<typeof consideredRuleSchema>;

const expectedCost = z.number().nonnegative().nullable().describe('US dollars; null is unknown.');
const microseconds = z.number().nonnegative();

/** Why a candidate can't answer: which hard fact stands against it. */
export const removalFacts = [
  'unknown',
  'health',
  'capability',
  'context',
  'budget',
  'data-rule',
] as const;

/** A candidate that can't answer, with the rule that named it and what stands against it. */
export const removedCandidateSchema = skippedCandidateSchema.extend({
  namedBy: z.string(),
  fact: z.enum(removalFacts).optional(),
  evidence: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type RemovedCandidate = z.infer<typeof removedCandidateSchema>;

/** How asking a model what a message is went; of all but `answered` the router's own word stands. */
export const judgeOutcomes = [
  'answered',
  'late',
  'unreadable',
  'failed',
  'nobody-can',
  'too-dear',
] as const;

/** What a model was asked, and said, because the router was not sure; a fact of the record. */
export const judgeWordSchema = z.object({
  asked: modelRefSchema.nullable().describe('Null when nobody could be asked.'),
  outcome: z.enum(judgeOutcomes),
  /** What it said; null when nothing that can be used. */
  answer: z.object({ task: taskTypeSchema, complexity: complexitySchema }).nullable(),
  /** What the router made of the message by itself. */
  before: taskProfileSchema.pick({ task: true, complexity: true, confidence: true }),
  tookUs: microseconds,
  costUsd: expectedCost.describe('What the asking cost; null where nobody says.'),
});
export type JudgeWord = z.infer<typeof judgeWordSchema>;

/** How long a model's last answered calls took, in milliseconds: the median of so many calls. */
export const latencySchema = z.object({
  firstTokenMs: z.number().nonnegative().nullable(),
  totalMs: z.number().nonnegative(),
  calls: z.number().int().positive(),
});
export type Latency = z.infer<typeof latencySchema>;

const expectedLatency = latencySchema.nullable().describe('Null while no call was heard of.');

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
  considered: z.array(consideredRuleSchema),
  expectedCostUsd: expectedCost,
  policyVersion: z.string(),
  tookUs: microseconds.describe('Time to decide, in microseconds.'),
  // Everything below came later: records that were stored before have none of it.
  /** The agent that a rule chose, and which rule. */
  agent: z.object({ name: z.string(), rule: z.string() }).optional(),
  /** What the rule asks of the model; for whoever calls it. */
  params: ruleParamsSchema.optional(),
  facts: z.array(routeFactSchema).optional(),
  /** Every candidate that can't answer, whatever its place, with the rule that named it. */
  removed: z.array(removedCandidateSchema).optional(),
  /** The first alternative, and what it would cost. */
  nextBest: modelRefSchema
    .extend({ expectedCostUsd: expectedCost, expectedLatency: expectedLatency.optional() })
    .optional(),
  expectedLatency: expectedLatency.optional(),
  /** The prompt cache of the turn before: kept by who answered it, lost to everybody else. */
  cache: z
    .object({
      keptBy: modelRefSchema,
      tokens: z.number().int().nonnegative(),
      lostUsd: expectedCost.describe('Part of the expected cost; 0 where the cache is kept.'),
    })
    .optional(),
  /** Names of the data rules that let only local models answer. */
  localOnlyBy: z.array(z.string()).optional(),
  /** The exemplar that the message is so much like that it was taken for the same task. */
  exemplar: z
    .object({
      id: z.string(),
      scope: z.enum(['system', 'user']),
      words: z.string().max(80),
      task: taskTypeSchema,
      likeness: z.number().min(0).max(1),
    })
    .optional(),
  /** Who was asked what the message is, because the router was not sure. */
  judge: judgeWordSchema.optional(),
  /** What had to be done without, because nobody who has it can answer. */
  without: z.array(needSchema).optional(),
  /** What it was decided from; the same inputs give the same record. */
  inputs: decisionInputsSchema.optional(),
  contextTokens: z.number().int().positive().optional().describe('Window of the chosen model.'),
  modelFile: z
    .string()
    .optional()
    .describe("First characters of the SHA-256 of the classifier's file."),
  /** Where the time went. */
  stagesUs: z
    .object({ profile: microseconds, rules: microseconds, candidates: microseconds })
    .optional(),
});
export type RouteDecision = z.infer<typeof routeDecisionSchema>;
