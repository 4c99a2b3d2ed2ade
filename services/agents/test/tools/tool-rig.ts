import { randomUUID } from 'node:crypto';
import { createLogger } from '@mosaic/service-kit';
import type { ResultStore } from '../../src/tools/results/result-store.ts';
import type { Tool, ToolContext } from '../../src/tools/tool.ts';
import { makeToolbox } from '../../src/tools/toolbox.ts';

export const contextOf = (userId: string, conversationId: string): ToolContext => ({
  caller: { userId, role: 'member', token: 't' },
  trace: 'trace',
  conversationId,
  signal: new AbortController().signal,
});

/** Results in this process; the bus's own store has its test with a real bus. */
export function resultsHere(): ResultStore {
  const texts = new Map<string, string>();
  const keyOf = (id: string, { caller, conversationId }: ToolContext) =>
    JSON.stringify([caller.userId, conversationId, id]);
  return {
    async keep(_tool, text, context) {
      const id = randomUUID();
      texts.set(keyOf(id, context), text);
      return id;
    },
    find: async (id, context) => texts.get(keyOf(id, context)),
  };
}

/** Runs tools by their name as a turn would once the list let them through. */
export function runnerOf(tools: readonly Tool[], context: ToolContext, results = resultsHere()) {
  const log = createLogger('silent');
  const toolbox = makeToolbox({ tools: () => tools, results, log });
  return async (name: string, args: Record<string, unknown>, signal = context.signal) => {
    const call = { id: 'k', name, arguments: args };
    const { output, outcome } = await toolbox.run(call, { ...context, signal });
    return { output, outcome, isError: outcome !== 'ran' };
  };
}
