import { setTimeout as pause } from 'node:timers/promises';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

const said = (text: string) => ({ content: [{ type: 'text' as const, text }] });

/** What a server might ask of those who are connected to it. */
const tellMe = {
  messages: [{ role: 'user' as const, content: { type: 'text' as const, text: 'Who asks?' } }],
  maxTokens: 10,
};

/**
 * What the servers of these tests offer: a good tool, one that keeps what it hears as long as the process
 * or the session lasts, and the ways in which a tool goes wrong.
 */
export function addTestTools(server: McpServer): void {
  const notes: string[] = [];
  const note = { inputSchema: { text: z.string() }, description: 'Notes, and tells all notes.' };
  server.registerTool('note', note, async ({ text }) => {
    notes.push(text);
    return said(notes.join(' '));
  });
  server.registerTool('where', { description: 'Tells its process and folder.' }, async () =>
    said([process.pid, process.cwd(), ...process.argv.slice(2)].join(' ')),
  );
  const add = { inputSchema: { a: z.number(), b: z.number() }, description: 'Adds.' };
  server.registerTool('add', add, async ({ a, b }) => said(String(a + b)));
  server.registerTool('environment', { description: 'Names what it sees.' }, async () =>
    said(Object.keys(process.env).sort().join(' ')),
  );
  server.registerTool('slow', { description: 'Takes long.' }, async () => {
    await pause(60_000);
    return said('late');
  });
  server.registerTool('huge', { description: 'Says too much.' }, async () =>
    said('x'.repeat(12 * 1024 * 1024)),
  );
  server.registerTool('failing', { description: 'Fails.' }, async () => ({
    ...said('no such thing'),
    isError: true,
  }));
  server.registerTool('curious', { description: 'Asks back.' }, async () => {
    const asked = [server.server.listRoots(), server.server.createMessage(tellMe)];
    const heard = await Promise.allSettled(asked);
    return said(heard.map(({ status }) => status).join());
  });
  server.registerTool('dying', { description: 'Ends its server.' }, async () => process.exit(1));
  server.registerTool('drop.table', { description: 'Not allowed.' }, async () => said('dropped'));
}
