import { MosaicError } from '@mosaic/proto';
import { z } from 'zod';
import { defineTool, type Tool } from '../tool.ts';
import { readText, writeText } from './file-text.ts';
import { maxFileBytes, openWorkspace } from './open-inside.ts';

export function editFileTool(root: string): Tool {
  return defineTool({
    name: 'edit_file',
    description:
      'Replaces a piece of a text file of the workspace. The old piece must be exactly as in the file, blanks and line ends included, and stand there once; give more of what is around it when it does not.',
    parameters: z.object({
      path: z.string().min(1).max(500).describe('Relative path in the workspace.'),
      old: z.string().min(1).max(maxFileBytes),
      new: z.string().max(maxFileBytes),
      all: z.boolean().default(false).describe('Replace it wherever it stands.'),
    }),
    runsAlone: true,
    async run({ path, old, new: replacement, all }, context) {
      const workspace = await openWorkspace(root, context);
      await using _held = workspace.handle;
      const pieces = (await readText(workspace, path)).split(old);
      const count = pieces.length - 1;
      if (count === 0) throw new MosaicError('bad_request', 'The old piece is not in the file.');
      if (count > 1 && !all) {
        throw new MosaicError('bad_request', `The old piece stands in the file ${count} times.`);
      }
      await writeText(workspace, path, pieces.join(replacement));
      return `Replaced ${count} ${count === 1 ? 'piece' : 'pieces'} of ${path}.`;
    },
  });
}
