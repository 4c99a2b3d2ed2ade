import { MosaicError, type ToolCall, type ToolResult, type ToolSpec } from '@mosaic/proto';
import { z } from 'zod';
import type { Tool, ToolContext } from './tool.ts';

export interface Toolbox {
  /** The named tools as a model sees them. */
  specs(names: readonly string[]): ToolSpec[];
  /** Runs one call; every failure becomes a result that says what was wrong. */
  run(call: ToolCall, context: ToolContext): Promise<ToolResult>;
}

export function makeToolbox(tools: readonly Tool[]): Toolbox {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  return {
    specs: (names) =>
      names.flatMap((name) => {
        const tool = byName.get(name);
        return tool === undefined ? [] : [specOf(tool)];
      }),
    async run(call, context) {
      const answer = (output: string, isError: boolean) => ({
        callId: call.id,
        name: call.name,
        output,
        isError,
      });
      const tool = byName.get(call.name);
      if (tool === undefined) return answer(`There is no tool "${call.name}".`, true);
      const args = tool.parameters.safeParse(call.arguments);
      if (!args.success) return answer(`Wrong arguments: ${z.prettifyError(args.error)}`, true);
      try {
        return answer(await tool.run(args.data, context), false);
      } catch (thrown) {
        const known = thrown instanceof MosaicError;
        return answer(known ? thrown.message : `The tool ${call.name} failed.`, true);
      }
    },
  };
}

function specOf(tool: Tool): ToolSpec {
  const { $schema: _dialect, ...parameters } = z.toJSONSchema(tool.parameters);
  return { name: tool.name, description: tool.description, parameters };
}
