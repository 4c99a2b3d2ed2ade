import { z } from 'zod';
import { defineTool, type Tool } from '../tool.ts';
import { readText } from './file-text.ts';
import { openWorkspace } from './open-inside.ts';

export function readFileTool(root: string): Tool {
  return defineTool({
    name: 'read_file',
    description: 'Reads a text file of the workspace, whole or some of its lines.',
    parameters: z.object({
      path: z.string().min(1).max(500).describe('Relative path in the workspace.'),
      fromLine: z.int().min(1).default(1),
      lines: z.int().min(1).optional().describe('How many; to the end without it.'),
    }),
    async run({ path, fromLine, lines }, context) {
      const workspace = await openWorkspace(root, context);
      await using _held = workspace.handle;
      const text = await readText(workspace, path);
      if (fromLine === 1 && lines === undefined) return text;
      const all = text.split('\n');
      const end = lines === undefined ? all.length : fromLine - 1 + lines;
      const some = all.slice(fromLine - 1, end);
      return some.length === 0 ? `[The file has ${all.length} lines.]` : some.join('\n');
    },
  });
}
