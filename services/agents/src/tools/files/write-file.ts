import { z } from 'zod';
import { defineTool, type Tool } from '../tool.ts';
import { writeText } from './file-text.ts';
import { maxFileBytes, openWorkspace } from './open-inside.ts';

export function writeFileTool(root: string): Tool {
  return defineTool({
    name: 'write_file',
    description: 'Writes a text file of the workspace, replacing what was there.',
    parameters: z.object({
      path: z.string().min(1).max(500).describe('Relative path in the workspace.'),
      content: z.string().max(maxFileBytes),
    }),
    runsAlone: true,
    async run({ path, content }, context) {
      const workspace = await openWorkspace(root, context);
      await using _held = workspace.handle;
      await writeText(workspace, path, content);
      return `Wrote ${content.length} characters to ${path}.`;
    },
  });
}
