import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { conversationEventSchema } from '../conversation/events.ts';
import { approvalAnswerSchema, callIdSchema } from '../conversation/tool-events.ts';
import { idSchema } from '../ids.ts';

export const answerApproval = defineRequest({
  subject: 'agents.approval.answer',
  summary: 'Answers a tool call of the caller’s conversation that waits for a person.',
  request: z.object({
    conversationId: idSchema,
    callId: callIdSchema,
    answer: approvalAnswerSchema,
  }),
  reply: z.object({ event: conversationEventSchema }),
  servedBy: 'agents',
  calledBy: ['gateway'],
  caller: 'user',
});
