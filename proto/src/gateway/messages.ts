import { z } from 'zod';
import { arrangementChanges } from '../conversation/arrangement.ts';
import { maxMessageChars, messageModes } from '../conversation/inbox.ts';
import { approvalAnswerSchema } from '../conversation/tool-events.ts';
import { failureSchema } from '../errors.ts';
import { clientIdSchema, idSchema } from '../ids.ts';
import { efforts } from '../providers/stream-completion.ts';
import { usageSchema } from '../providers/usage.ts';
import { decideRoute, modelNameSchema } from '../router/decide-route.ts';
import { timeZoneSchema } from '../router/rule-params.ts';

/** Body of `POST /api/conversations`. */
export const createConversationBody = z.strictObject({
  id: clientIdSchema.optional(),
  title: z.string().min(1).max(200).optional(),
  agent: z.string().min(1).max(64).optional(),
  model: modelNameSchema.optional(),
  isIncognito: z.boolean().optional(),
});

/** Body of `PATCH /api/conversations/:id`; `model: null` or `"auto"` unpins. */
export const updateConversationBody = z.strictObject({
  title: z.string().min(1).max(200).optional(),
  agent: z.string().min(1).max(64).optional(),
  model: modelNameSchema.nullable().optional(),
  /** Null leaves it to the person's own choice, then to the agent. */
  temperature: z.number().min(0).max(2).nullable().optional(),
  effort: z.enum(efforts).nullable().optional(),
  ...arrangementChanges,
});

/** Body of `POST /api/conversations/:id/fork`. */
export const forkConversationBody = z.strictObject({
  id: clientIdSchema.optional(),
  upTo: idSchema.optional(),
});

/** Body of `POST /api/conversations/:id/messages`. */
export const sendMessageBody = z.strictObject({
  messageId: clientIdSchema.optional(),
  text: z.string().min(1).max(maxMessageChars),
  model: modelNameSchema.optional(),
  agent: z.string().min(1).max(64).optional(),
  mode: z.enum(messageModes).optional(),
  /** Where the person is, such as `Europe/Berlin`: rules look at the time there. */
  timeZone: timeZoneSchema.optional(),
});

/** 202 answer of the same route: accepted, will not be lost, is not answered yet. */
export const acceptedReply = z.object({ conversationId: idSchema, messageId: clientIdSchema });

/** Body of `POST /api/conversations/:id/approvals/:callId`. */
export const answerApprovalBody = z.strictObject({ answer: approvalAnswerSchema });

/** A message as REST shows it. */
export const restMessageSchema = z.object({
  id: z.string(),
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  rule: z.string().nullable(),
  reason: z.string().nullable(),
  usage: usageSchema.nullable(),
  costUsd: z.number().nullable(),
  status: z.enum(['routed', 'streaming', 'completed', 'failed', 'cancelled']),
  isSimulated: z.boolean(),
  failure: failureSchema.nullable(),
  warnings: z.array(z.string()).describe('What one should know of how the model was asked.'),
});
export type RestMessage = z.infer<typeof restMessageSchema>;

/** Answer of `POST /api/conversations/:id/messages?wait=1`. */
export const finishedReply = z.object({
  conversationId: idSchema,
  messageId: clientIdSchema,
  message: restMessageSchema,
});

/** Body of `POST /api/routing/explain`. */
export const explainBody = z.strictObject({
  text: z.string().min(1).max(maxMessageChars),
  model: modelNameSchema.optional(),
  agent: z.string().min(1).max(64).optional(),
  /** Also asks the judge, where the caller has set one; that costs. */
  judge: z.boolean().default(false),
  ...decideRoute.request.pick({
    channel: true,
    costTier: true,
    budgetLeftUsd: true,
    localTime: true,
    timeZone: true,
  }).shape,
});
