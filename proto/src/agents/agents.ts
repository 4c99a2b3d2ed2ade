import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract.ts';
import { efforts } from '../providers/stream-completion.ts';
import { modelNameSchema } from '../router/decide-route.ts';
import { domainSchema } from '../router/decision.ts';
import { toolGrantSchema } from './tool-grants.ts';

export const agentNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and hyphens, at most 64');

/** What one answer may take. What is not given is the installation's; nothing goes beyond that. */
export const turnLimitsSchema = z.strictObject({
  steps: z.number().int().min(1).max(100).optional().describe('Model calls in one turn.'),
  stepSeconds: z.number().min(1).max(3_600).optional().describe('Longest single model call.'),
  turnSeconds: z.number().min(1).max(86_400).optional().describe('Longest turn as a whole.'),
  tokens: z.number().int().positive().optional().describe('Input and output of all its calls.'),
  usd: z.number().positive().optional().describe('US dollars of all its calls.'),
});
export type TurnLimits = z.infer<typeof turnLimitsSchema>;

/** An agent is exactly its configuration. */
export const agentSchema = z.object({
  name: agentNameSchema,
  description: z.string(),
  systemPrompt: z.string(),
  /** Preferred model or tier (`tier/cheap`), or null to leave it to the rules. */
  model: modelNameSchema.nullable(),
  /** The tools it may call, and when a person is asked first; without a line it has none. */
  tools: z.array(toolGrantSchema).max(200),
  scope: z.enum(['system', 'user']),
  // Everything below came later; what is not given says nothing.
  /** Whether it is shown what Mosaic remembers of the person; yes when not given. */
  memory: z.boolean().optional(),
  temperature: z.number().min(0).max(2).nullable().optional(),
  effort: z.enum(efforts).nullable().optional(),
  /** What it is good at, for rules that choose agents. */
  capabilities: z
    .strictObject({
      domains: z.array(domainSchema).max(6).default([]),
      toolSets: z.array(z.string().min(1).max(64)).max(32).default([]),
    })
    .optional(),
  limits: turnLimitsSchema.optional(),
  /** Grows with each change; a save on top of another version is refused. */
  version: z.number().int().positive().optional(),
});
export type Agent = z.infer<typeof agentSchema>;

const written = agentSchema.omit({ name: true, scope: true, version: true }).shape;
const bounded = {
  ...written,
  description: z.string().max(500),
  systemPrompt: z.string().max(100_000),
};

/** What a person writes of an agent; strict, so that a slip is told and not dropped. */
export const agentChangesSchema = z.strictObject(bounded).partial();
export type AgentChanges = z.infer<typeof agentChangesSchema>;

export const agentDraftSchema = agentChangesSchema.extend({ name: agentNameSchema });
export type AgentDraft = z.infer<typeof agentDraftSchema>;

const seenVersion = z.number().int().positive().optional().describe('The version that was seen.');
const name = z.string().max(64);
const served = { servedBy: 'agents', calledBy: ['gateway'], caller: 'user' } as const;

export const listAgents = defineRequest({
  subject: 'agents.agent.list',
  summary: 'The agents that the caller can use.',
  request: z.object({}),
  reply: z.object({ agents: z.array(agentSchema) }),
  ...served,
  calledBy: ['gateway', 'router'],
});

export const getAgent = defineRequest({
  subject: 'agents.agent.get',
  summary: 'One agent by name.',
  request: z.object({ name }),
  reply: z.object({ agent: agentSchema }),
  ...served,
});

export const createAgent = defineRequest({
  subject: 'agents.agent.create',
  summary: 'Makes an agent of the caller; nobody else sees it.',
  request: z.object({ agent: agentDraftSchema }),
  reply: z.object({ agent: agentSchema }),
  ...served,
});

export const changeAgent = defineRequest({
  subject: 'agents.agent.change',
  summary: 'Changes the given fields of one of the caller’s agents; from the next message on.',
  request: z.object({ name, version: seenVersion, changes: agentChangesSchema }),
  reply: z.object({ agent: agentSchema }),
  ...served,
});

export const removeAgent = defineRequest({
  subject: 'agents.agent.remove',
  summary: 'Removes one of the caller’s agents.',
  request: z.object({ name, version: seenVersion }),
  reply: z.object({ isRemoved: z.boolean() }),
  ...served,
});

/** Heard by everybody who keeps agents at hand: what is kept of this person is old. */
export const agentsChanged = defineEvent({
  subject: 'agents.agents.changed.{userId}',
  summary: 'Agents or standing choices of a person were saved.',
  fact: z.object({ name: z.string().nullable() }),
  publishedBy: ['agents'],
  consumedBy: ['agents', 'gateway', 'router'],
  stream: null,
});
