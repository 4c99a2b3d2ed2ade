import { z } from 'zod';
import { defineEvent } from '../contract.ts';

/** A tool's result that was too long for one step; `read_result` reads on in it for some days. */
export const toolResultKept = defineEvent({
  subject: 'tool-results.{userId}.{conversationId}.{resultId}',
  summary: 'A long tool result, so that the model can read on in it.',
  fact: z.object({ tool: z.string(), text: z.string() }),
  publishedBy: ['agents'],
  consumedBy: ['agents'],
  stream: 'TOOL_RESULTS',
});
