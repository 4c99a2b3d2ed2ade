import { z } from 'zod';
import { defineTool, type Tool } from '../tool.ts';
import { openWorkspace } from './open-inside.ts';
import { walkFiles } from './walk-files.ts';
import { readPath } from './workspace-path.ts';

const maxListed = 1_000;

export function listFilesTool(root: string): Tool {
  return defineTool({
    name: 'list_files',
    description: 'Lists the files of the workspace, or of one folder in it.',
    parameters: z.object({
      folder: z.string().max(500).default('').describe('Relative path; the workspace without it.'),
    }),
    async run({ folder }, context) {
      const workspace = await openWorkspace(root, context);
      await using _held = workspace.handle;
      const paths: string[] = [];
      for await (const path of walkFiles(workspace, readPath(folder))) {
        if (paths.length === maxListed) return `${paths.join('\n')}\n[and more: name a folder]`;
        paths.push(path);
      }
      return paths.length === 0 ? 'There are no files.' : paths.join('\n');
    },
  });
}
