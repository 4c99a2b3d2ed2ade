import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { agentNameSchema } from './agents.ts';
import { toolGrantSchema, toolPolicySchema } from './tool-grants.ts';

const oneSentence = z.string().max(400);

/** Whether something can be used at this moment. */
const availability = {
  isAvailable: z.boolean(),
  /** Null while it is available, and so is the advice. */
  unavailableReason: oneSentence.nullable(),
  advice: oneSentence.nullable().describe('What to do, and who can.'),
};

/** One tool, and what one agent may do with it. */
export const listedToolSchema = z.object({
  /** As grants name it: `web_fetch`, `mcp:github:search`. */
  name: z.string(),
  summary: z.string().max(200),
  server: z.string().nullable().describe('The MCP server that offers it; null: it is built in.'),
  /** What becomes of a call that none of the exceptions fits. */
  policy: z.enum([...toolPolicySchema.options, 'not-granted']),
  /** Read from the top; the first whose conditions all fit the arguments decides. */
  exceptions: z.array(
    z.object({ policy: toolPolicySchema, when: toolGrantSchema.shape.when.unwrap() }),
  ),
  ...availability,
});
export type ListedTool = z.infer<typeof listedToolSchema>;

export const listTools = defineRequest({
  subject: 'agents.tool.list',
  summary: 'Which tools exist, what an agent of the caller may do with each, and what works now.',
  request: z.object({ agent: z.string().max(64).optional().describe('`assistant` without it.') }),
  reply: z.object({
    agent: agentNameSchema,
    tools: z.array(listedToolSchema),
    /** The operator's MCP servers, as the replica that answers sees them. */
    servers: z.array(
      z.object({
        name: z.string(),
        isShared: z.boolean().default(false).describe('One connection serves everybody.'),
        isOwnOpen: z.boolean().default(false).describe('The caller has one of their own now.'),
        ...availability,
      }),
    ),
    /** Lines of the agent's list that fit no tool that is known now. */
    unmatched: z.array(toolGrantSchema),
  }),
  servedBy: 'agents',
  calledBy: ['gateway'],
  caller: 'user',
});
export type ToolListing = z.infer<typeof listTools.reply>;
