import { z } from 'zod';
import { defineStream } from '../contract.ts';
import { errorCodeSchema, failureSchema } from '../errors.ts';
import { modelRefSchema, providerNameSchema } from './model-ref.ts';
import {
  outputFormatSchema,
  toolCallSchema,
  toolChoiceSchema,
  toolSpecSchema,
  turnSchema,
} from './turns.ts';
import { type Bill, costSchema, sumBills, usageSchema } from './usage.ts';

/** Why a model stopped, in one vocabulary; `other` is never success and keeps the vendor's word. */
export const stopReasonSchema = z.enum([
  'stop',
  'tool-calls',
  'length',
  'content-filter',
  'refusal',
  'context-exceeded',
  'other',
]);
export type StopReason = z.infer<typeof stopReasonSchema>;

/** A candidate that was tried or left out, and why; makes a fallback visible. */
export const skippedCandidateSchema = modelRefSchema.extend({ why: z.string().max(300) });
export type SkippedCandidate = z.infer<typeof skippedCandidateSchema>;

/** What a completion is for. */
export const completionPurposeSchema = z.enum([
  'turn',
  'door',
  'title',
  'summary',
  'memory',
  'router',
  'probe',
]);

/** How much a model should think before it answers, least first. */
export const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof efforts)[number];

export const timingsSchema = z.object({
  firstTokenMs: z.number().nonnegative().nullable(),
  totalMs: z.number().nonnegative(),
});

/** A request that failed before anything of it was shown, and has to be paid for all the same. */
export const unseenRequestSchema = modelRefSchema.extend({
  errorCode: errorCodeSchema,
  usage: usageSchema,
  cost: costSchema,
  isSimulated: z.boolean(),
});
export type UnseenRequest = z.infer<typeof unseenRequestSchema>;

const unseenSchema = z
  .array(unseenRequestSchema)
  .optional()
  .describe('Paid for beside `usage` and `cost`; left out when there were none.');

/**
 * Parts of an answer, in order: one `start` (held back until there is something to show, so that an
 * early failure can still go to the next candidate), any number of content parts with `usage` and
 * `warning` between them, then exactly one terminal part, `end` or `error`. Nothing follows a terminal
 * part. A cut or silent vendor stream is an `error`, never an `end`.
 */
export const completionPartSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    provider: providerNameSchema,
    model: z.string().describe('The model that really answers, as the vendor names it.'),
    upstream: z.string().optional().describe('Who runs the model, where the vendor only routes.'),
    answerId: z.string().optional().describe('The vendor’s own id of the answer, to ask it about.'),
    skipped: z.array(skippedCandidateSchema),
    isSimulated: z.boolean().describe('True when a look-alike server answers (demo mode).'),
  }),
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('reasoning'),
    text: z.string(),
    signature: z.string().optional(),
  }),
  z.object({ type: z.literal('tool-call-start'), id: z.string(), name: z.string() }),
  z.object({ type: z.literal('tool-call-delta'), id: z.string(), json: z.string() }),
  z.object({ type: z.literal('tool-call'), call: toolCallSchema }),
  z.object({
    type: z.literal('usage'),
    usage: usageSchema.describe('What the vendor has counted until now; each replaces the last.'),
  }),
  z.object({ type: z.literal('warning'), message: z.string() }),
  z.object({
    type: z.literal('end'),
    stop: z.object({ unified: stopReasonSchema, raw: z.string().nullable() }),
    usage: usageSchema,
    cost: costSchema,
    unseen: unseenSchema,
    timings: timingsSchema,
  }),
  z.object({
    type: z.literal('error'),
    failure: failureSchema,
    phase: z.enum(['before-first-part', 'after-first-part']),
    skipped: z.array(skippedCandidateSchema),
    usage: usageSchema
      .nullable()
      .describe('What the shown part used; null when nothing was shown.'),
    cost: costSchema,
    unseen: unseenSchema,
    timings: timingsSchema,
  }),
]);
export type CompletionPart = z.infer<typeof completionPartSchema>;

/** Everything that a call used and cost: its answer, and the requests that nobody saw anything of. */
export function billOf(last: Extract<CompletionPart, { type: 'end' | 'error' }>): Bill {
  return sumBills([...(last.unseen ?? []), last]);
}

/** One model call over the vendor chosen, or the next candidate when it fails before it shows anything. */
export const streamCompletion = defineStream({
  subject: 'providers.completion.stream',
  summary: 'Asks the first candidate that works for a completion and streams the parts.',
  request: z.object({
    /** Ordered: the choice first, then the alternatives of the decision. */
    candidates: z.array(modelRefSchema).min(1).max(10),
    system: z.string().nullable(),
    turns: z.array(turnSchema).min(1),
    tools: z.array(toolSpecSchema).default([]),
    toolChoice: toolChoiceSchema.default('auto'),
    /** False: at most one tool call per answer. */
    parallelToolCalls: z.boolean().optional(),
    outputFormat: outputFormatSchema.optional(),
    temperature: z.number().min(0).max(2).optional(),
    topP: z.number().min(0).max(1).optional(),
    /** Texts that end the answer where they would appear. */
    stop: z.array(z.string().min(1)).max(16).optional(),
    /** Same seed, same answer, as far as a vendor can. */
    seed: z.number().int().optional(),
    presencePenalty: z.number().min(-2).max(2).optional(),
    frequencyPenalty: z.number().min(-2).max(2).optional(),
    maxOutputTokens: z.number().int().positive().optional(),
    effort: z.enum(efforts).optional(),
    /** For stickiness of caches and for the ledger. */
    conversationId: z.string().optional(),
    /** On whose list it stands in the ledger. */
    agent: z.string().max(64).optional(),
    purpose: completionPurposeSchema.default('turn'),
  }),
  part: completionPartSchema,
  isTerminal: (part) => part.type === 'end' || part.type === 'error',
  failedPart: (failure, hasParts): CompletionPart => ({
    type: 'error',
    failure,
    phase: hasParts ? 'after-first-part' : 'before-first-part',
    skipped: [],
    usage: null,
    cost: { usd: null, source: 'unknown' },
    timings: { firstTokenMs: null, totalMs: 0 },
  }),
  servedBy: 'providers',
  calledBy: ['agents', 'gateway', 'jobs', 'router'],
  caller: 'user',
});
