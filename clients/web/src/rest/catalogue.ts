import {
  type Agent,
  type CommandSpec,
  commandsReply,
  listAgents,
  listModels,
  type ModelCard,
} from '@mosaic/proto';
import { request } from './request.ts';

/** All models that are known, usable or not. */
export async function fetchModels(): Promise<readonly ModelCard[]> {
  return (await request('/api/models', { reply: listModels.reply })).models;
}

export async function fetchAgents(): Promise<readonly Agent[]> {
  return (await request('/api/agents', { reply: listAgents.reply })).agents;
}

/** Every slash command, of all clients. */
export async function fetchCommands(): Promise<readonly CommandSpec[]> {
  return (await request('/api/commands', { reply: commandsReply })).commands;
}
