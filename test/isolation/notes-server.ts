import { fileURLToPath } from 'node:url';
import type { RunningMosaic } from '@mosaic/test-kit';
import type { Person } from '../person.ts';

const program = fileURLToPath(
  new URL('../../services/agents/test/tools/mcp-stdio-process.ts', import.meta.url),
);
const notes = { command: process.execPath, args: [program, '{person}'], tools: ['note'] };

/** Settings of a Mosaic with an MCP server that answers with all that was noted so far. */
export const withNotes = { MOSAIC_MCP_SERVERS: JSON.stringify({ notes }) };
export const noteTool = 'mcp:notes:note';

/** Lets the model of an agent that may do so note something; answers with what the tool said. */
export async function note(
  mosaic: RunningMosaic,
  who: Person,
  { conversationId, text }: { readonly conversationId: string; readonly text: string },
): Promise<string> {
  const model = 'claude-haiku-4-5';
  const toolCalls = [{ name: noteTool, arguments: { text } }];
  mosaic.vendors.script({ vendor: 'anthropic', model, toolCalls, stop: 'tool-calls' });
  await who.say(conversationId, 'Note it, friend.', { model });
  const { body } = await who.request('GET', `/api/conversations/${conversationId}/export`);
  const finished = body.events.filter(({ type }: { type: string }) => type === 'tool.finished');
  return finished.at(-1)?.output ?? 'no tool was called';
}
