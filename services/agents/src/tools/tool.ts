import type { SignedCaller } from '@mosaic/service-kit';
import type { z } from 'zod';

/** Where a tool call happens: for whom, in which conversation, and until when. */
export interface ToolContext {
  readonly caller: SignedCaller;
  readonly trace: string;
  readonly conversationId: string;
  readonly signal: AbortSignal;
}

/** A tool that an agent can be given. One file makes one tool; `toolbox.ts` lists them. */
export interface Tool<Parameters extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** For the model: what it does and when to use it. */
  readonly description: string;
  readonly parameters: Parameters;
  /** Text for the model. A MosaicError becomes an error result that the model can read. */
  run(args: z.infer<Parameters>, context: ToolContext): Promise<string>;
}

/** Keeps the parameter type while tools of different kinds stand in one list. */
export function defineTool<Parameters extends z.ZodObject>(tool: Tool<Parameters>): Tool {
  return {
    ...tool,
    run: (args, context) => tool.run(tool.parameters.parse(args), context),
  };
}
