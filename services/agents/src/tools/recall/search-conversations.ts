import { searchConversations } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { z } from 'zod';
import { defineTool, type Tool } from '../tool.ts';

export function searchConversationsTool(bus: Bus): Tool {
  return defineTool({
    name: 'search_conversations',
    description:
      "Finds messages in the person's own earlier conversations. Use it when they refer to something said before that is not in this conversation.",
    parameters: z.object({
      query: z.string().min(1).max(500),
      limit: z.int().min(1).max(20).default(8),
    }),
    async run({ query, limit }, { caller, trace, signal }) {
      const options = { caller, trace, signal };
      const { hits } = await bus.call(searchConversations, { query, limit }, options);
      if (hits.length === 0) return 'Nothing was found.';
      return hits
        .map(
          (hit) =>
            `${hit.at.slice(0, 10)} ${hit.title ?? 'untitled'} (${hit.role}): ${hit.snippet}`,
        )
        .join('\n');
    },
  });
}
