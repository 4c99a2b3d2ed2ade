import { type Recalled, searchPassages } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { z } from 'zod';
import { defineTool, type Tool } from '../tool.ts';

export function memorySearchTool(bus: Bus): Tool {
  return defineTool({
    name: 'memory_search',
    description:
      'Finds what the person said, was answered or saved elsewhere, by words and meaning. Use it when something may be known from before that does not stand in this conversation.',
    parameters: z.object({
      query: z.string().min(1).max(2_000),
      limit: z.int().min(1).max(20).default(8),
    }),
    async run({ query, limit }, { caller, conversationId, signal, trace }) {
      const request = { text: query, limit, exceptConversationId: conversationId };
      const { passages } = await bus.call(searchPassages, request, { caller, signal, trace });
      return passages.length === 0 ? 'Nothing is remembered.' : passages.map(shown).join('\n\n');
    },
  });
}

function shown({ role, saidAt, source, text, title }: Recalled): string {
  const day = saidAt.slice(0, 10);
  if (source === 'memory') return `${day}, remembered: ${text}`;
  const who = role === 'user' ? 'the person' : 'the answer';
  return `${day}, ${who} in "${title ?? 'untitled'}": ${text}`;
}
