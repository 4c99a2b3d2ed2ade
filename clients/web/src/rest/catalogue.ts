import {
  type Agent,
  type AgentChanges,
  type AgentDraft,
  type CommandSpec,
  commandsReply,
  getAgent,
  listAgents,
  listModels,
  listTools,
  type ModelCard,
  type ToolListing,
} from '@mosaic/proto';
import { anyReply, request } from './request.ts';

/** All models that are known, usable or not. */
export async function fetchModels(): Promise<readonly ModelCard[]> {
  return (await request('/api/models', { reply: listModels.reply })).models;
}

export async function fetchAgents(): Promise<readonly Agent[]> {
  return (await request('/api/agents', { reply: listAgents.reply })).agents;
}

export async function fetchTools(agent: string): Promise<ToolListing> {
  const path = `/api/tools?agent=${encodeURIComponent(agent)}`;
  return await request(path, { reply: listTools.reply });
}

/** Every slash command, of all clients. */
export async function fetchCommands(): Promise<readonly CommandSpec[]> {
  return (await request('/api/commands', { reply: commandsReply })).commands;
}

const agentPath = (name: string): string => `/api/agents/${encodeURIComponent(name)}`;

/** Makes a private agent; resolves with its name. */
export async function createAgent(body: AgentDraft): Promise<string> {
  const options = { method: 'POST', body, reply: getAgent.reply } as const;
  return (await request('/api/agents', options)).agent.name;
}

/** `version`: what was seen of it; a change of somebody else since then refuses this one. */
export async function changeAgent(
  name: string,
  changes: AgentChanges,
  version: number | undefined,
): Promise<void> {
  const body = { ...changes, ...(version === undefined ? {} : { version }) };
  await request(agentPath(name), { method: 'PATCH', body, reply: anyReply });
}

export async function removeAgent(name: string): Promise<void> {
  await request(agentPath(name), { method: 'DELETE', reply: anyReply });
}
