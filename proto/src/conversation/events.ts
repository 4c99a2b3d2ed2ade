import { z } from 'zod';
import { defineEvent } from '../contract.ts';
import { failureSchema } from '../errors.ts';
import { clientIdSchema, idSchema, instantSchema } from '../ids.ts';
import { modelRefSchema, providerNameSchema } from '../providers/model-ref.ts';
import { stopReasonSchema, timingsSchema } from '../providers/stream-completion.ts';
import { thoughtSchema } from '../providers/turns.ts';
import { costSchema, usageSchema } from '../providers/usage.ts';
import { modelNameSchema } from '../router/decide-route.ts';
import { routeDecisionSchema } from '../router/decision.ts';
import { arrangementChanges } from './arrangement.ts';
import { approvalAnswerSchema, toolOutcomeSchema } from './tool-events.ts';

/** In front of every event: `seq` is the conversation's own number, gapless from 1. */
const envelope = {
  conversationId: idSchema,
  seq: z.number().int().positive(),
  at: instantSchema,
};

/** `run` names one attempt to answer one message; a restarted turn gets a new run. */
const run = idSchema.describe('One attempt at answering one message.');
const step = z.number().int().nonnegative().describe('Model call within the run, from 0.');

/**
 * The thinking of one step, in order. Vendors want it back within a turn, sealed as they gave it; left
 * out when there was none or it was too long to keep.
 */
const thoughts = z.array(thoughtSchema).optional();

/** What is known about the model call(s) behind an answer when the turn ends. */
const answered = {
  run,
  messageId: idSchema,
  /** Text of the last step; earlier steps' texts are in their `tool.called` events. */
  text: z.string(),
  step,
  usage: usageSchema.nullable(),
  cost: costSchema,
  timings: timingsSchema,
  isSimulated: z.boolean(),
  thoughts,
  /** What a person should know of how the model was asked, e.g. that it saw no images. */
  warnings: z.array(z.string().max(500)).max(20).optional(),
};

const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.object({ ...envelope, type: z.literal(type), ...shape });

/** Everything that can happen in a conversation. Written by `agents` alone, with a fenced append. */
export const conversationEventSchema = z.discriminatedUnion('type', [
  event('conversation.created', {
    title: z.string().max(200).nullable(),
    agent: z.string(),
    model: modelNameSchema.nullable(),
    channel: z.string().optional(),
    isIncognito: z.boolean().optional(),
    /** The conversation whose beginning it repeats, and the last event that it has of it. */
    forkOf: z.object({ conversationId: idSchema, seq: z.number().int().positive() }).optional(),
    /** What its turns were exported from. */
    importedFrom: z.string().max(40).optional(),
  }),
  event('conversation.renamed', { title: z.string().max(200), by: z.enum(['user', 'job']) }),
  event('conversation.agent-changed', { agent: z.string() }),
  event('conversation.model-pinned', { model: modelNameSchema.nullable() }),
  event('conversation.arranged', arrangementChanges),
  event('conversation.deleted', {}),
  event('message.added', {
    messageId: clientIdSchema,
    text: z.string(),
    model: modelNameSchema.optional(),
    agent: z.string().optional(),
    via: z.string().optional(),
    /** Who wrote it, where a room has several people or an imported talk names them. */
    speaker: z.string().min(1).max(200).optional(),
  }),
  event('turn.routed', {
    run,
    messageId: idSchema,
    agent: z.string(),
    decision: routeDecisionSchema,
  }),
  event('tool.called', {
    run,
    step,
    callId: z.string(),
    name: z.string(),
    arguments: z.record(z.string(), z.unknown()),
    /** What the model wrote before this step's first call; empty on its further calls. */
    text: z.string(),
    /** With the step's first call, as `text`. */
    thoughts,
    /** Who really answered; it may be another than the decision named. */
    by: modelRefSchema.optional(),
  }),
  event('tool.finished', {
    run,
    step,
    callId: z.string(),
    name: z.string(),
    output: z.string(),
    isError: z.boolean(),
    /** Time at work; waiting for a person is not counted. */
    durationMs: z.number().nonnegative(),
    /** Left out in logs of earlier versions. */
    outcome: toolOutcomeSchema.optional(),
  }),
  /** A call waits for a person; written behind the `tool.called` of its step. */
  event('approval.asked', {
    run,
    step,
    callId: z.string(),
    tool: z.string(),
    arguments: z.record(z.string(), z.unknown()),
    /** What the answer `conversation` allows: `shell where command matches "git .*"`. */
    covers: z.string(),
    /** Without an answer until then the call counts as denied. */
    expiresAt: instantSchema,
  }),
  event('approval.answered', {
    run,
    callId: z.string(),
    answer: approvalAnswerSchema,
    /** Who answered, and where. */
    by: idSchema,
    via: z.string().optional(),
  }),
  event('approval.expired', { run, callId: z.string() }),
  event('turn.completed', {
    ...answered,
    provider: providerNameSchema,
    model: z.string(),
    rule: z.string(),
    reason: z.string(),
    stop: z.object({ unified: stopReasonSchema, raw: z.string().nullable() }),
  }),
  event('turn.failed', { ...answered, failure: failureSchema, by: modelRefSchema.optional() }),
  event('turn.cancelled', { ...answered, by: modelRefSchema.optional() }),
  event('turn.restarted', { run, previousRun: idSchema, messageId: idSchema, why: z.string() }),
]);
export type ConversationEvent = z.infer<typeof conversationEventSchema>;
export type ConversationEventType = ConversationEvent['type'];
export type EventOfType<Type extends ConversationEventType> = Extract<
  ConversationEvent,
  { type: Type }
>;

/** Event types that end a turn. */
export const terminalEventTypes = ['turn.completed', 'turn.failed', 'turn.cancelled'] as const;

export const conversationLog = defineEvent({
  subject: 'conv.{userId}.{conversationId}',
  summary: 'The log of one conversation: the truth that everything else is made from.',
  fact: conversationEventSchema,
  publishedBy: ['agents'],
  consumedBy: ['agents', 'gateway', 'memory', 'jobs'],
  stream: 'CONVERSATIONS',
});
