import { MosaicError, type ToolPolicy } from '@mosaic/proto';
import type { SignedCaller } from '@mosaic/service-kit';
import { z } from 'zod';

/** Where a tool call happens: for whom, in which conversation, and until when. */
export interface ToolContext {
  readonly caller: SignedCaller;
  readonly trace: string;
  readonly conversationId: string;
  /** Aborts when the turn is stopped and at the tool's deadline. */
  readonly signal: AbortSignal;
}

/** Who asks, outside of any conversation. */
export type Asking = Pick<ToolContext, 'caller' | 'trace'>;

/** Why something can't be used now, and what to do about it; sentences for people. */
export interface Obstacle {
  readonly reason: string;
  readonly advice: string;
}

/** Resolves with null when nothing is in the way. */
export type FindObstacle = (asking: Asking) => Promise<Obstacle | null>;

/** A tool that an agent can be given. */
export interface Tool {
  /** What grants, the log and cards name it by. */
  readonly name: string;
  /** For the model: what it does and when to use it. */
  readonly description: string;
  /** JSON Schema (2020-12) of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What is proposed to those who give it to an agent. */
  readonly defaultPolicy: ToolPolicy;
  readonly deadlineMs: number;
  /** A longer result is cut, and the rest kept for `read_result`. */
  readonly maxResultChars: number;
  /** True when no other call of the same step may run meanwhile. */
  readonly runsAlone: boolean;
  /** The MCP server that offers it; built in without one. */
  readonly server?: string;
  /** Looks what it needs; without it nothing can be in the way. Calls are made whatever it says. */
  readonly findObstacle?: FindObstacle;
  /** Text for the model. A MosaicError becomes an error result that the model can read. */
  run(args: Readonly<Record<string, unknown>>, context: ToolContext): Promise<string>;
}

type Manners = Pick<Tool, 'defaultPolicy' | 'deadlineMs' | 'maxResultChars' | 'runsAlone'>;

interface ToolDefinition<Parameters extends z.ZodObject>
  extends Pick<Tool, 'name' | 'description'>,
    Partial<Manners> {
  readonly parameters: Parameters;
  run(args: z.infer<Parameters>, context: ToolContext): Promise<string>;
}

export const defaultManners: Manners = Object.freeze({
  defaultPolicy: 'allow',
  deadlineMs: 30_000,
  maxResultChars: 20_000,
  runsAlone: false,
});

/** Makes a tool of its arguments' schema and what it does with them. */
export function defineTool<Parameters extends z.ZodObject>(
  definition: ToolDefinition<Parameters>,
): Tool {
  const { $schema: _dialect, ...parameters } = z.toJSONSchema(definition.parameters, {
    io: 'input',
  });
  return {
    ...defaultManners,
    ...definition,
    parameters,
    async run(args, context) {
      const read = definition.parameters.safeParse(args);
      if (!read.success) {
        throw new MosaicError('bad_request', `Wrong arguments: ${z.prettifyError(read.error)}`);
      }
      return await definition.run(read.data, context);
    },
  };
}
