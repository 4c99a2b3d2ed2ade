import { makeId, toolResultKept } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import type { ToolContext } from '../tool.ts';

/** Keeps results that are too long for a model to read at once, for the conversation they belong to. */
export interface ResultStore {
  /** Answers with the id to read it by. */
  keep(tool: string, text: string, context: ToolContext): Promise<string>;
  /** Undefined for an id of another conversation, and for a result that is too old. */
  find(id: string, context: ToolContext): Promise<string | undefined>;
}

/** On the bus, so that whichever worker runs the next step finds it. */
export function resultStoreOnBus(bus: Bus): ResultStore {
  const tokensOf = (id: string, { caller, conversationId }: ToolContext) => ({
    userId: caller.userId,
    conversationId,
    resultId: id,
  });
  return {
    async keep(tool, text, context) {
      const id = makeId();
      const { caller, trace } = context;
      const tokens = tokensOf(id, context);
      await bus.publish(toolResultKept, { tool, text }, { tokens, caller, trace });
      return id;
    },
    async find(id, context) {
      return (await bus.lastOf(toolResultKept, tokensOf(id, context)))?.fact.text;
    },
  };
}
