import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { modelNameSchema } from '../router/decide-route.ts';
import { toolGrantSchema } from './tool-grants.ts';

/** An agent is exactly its configuration. */
export const agentSchema = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  description: z.string(),
  systemPrompt: z.string(),
  /** Preferred model, or null to leave it to the rules. */
  model: modelNameSchema.nullable(),
  /** The tools it may call, and when a person is asked first; without a line it has none. */
  tools: z.array(toolGrantSchema).max(200),
  scope: z.enum(['system', 'user']),
});
export type Agent = z.infer<typeof agentSchema>;

export const listAgents = defineRequest({
  subject: 'agents.agent.list',
  summary: 'The agents that the caller can use.',
  request: z.object({}),
  reply: z.object({ agents: z.array(agentSchema) }),
  servedBy: 'agents',
  calledBy: ['gateway', 'router'],
  caller: 'user',
});

export const getAgent = defineRequest({
  subject: 'agents.agent.get',
  summary: 'One agent by name.',
  request: z.object({ name: z.string().max(64) }),
  reply: z.object({ agent: agentSchema }),
  servedBy: 'agents',
  calledBy: ['gateway'],
  caller: 'user',
});
