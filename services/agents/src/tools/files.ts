import { constants, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MosaicError } from '@mosaic/proto';
import { z } from 'zod';
import { defineTool, type Tool } from './tool.ts';
import { listInside, maxFileBytes, openInside, openWorkspace, resolveInside } from './workspace.ts';

const path = z.string().min(1).max(500).describe('Relative path in the workspace.');
const maxListed = 500;

/** Read, write and list files of the conversation's own workspace folder below `root`. */
export function fileTools(root: string): Tool[] {
  return [listFiles(root), readFile(root), writeFile(root)];
}

function listFiles(root: string): Tool {
  return defineTool({
    name: 'list_files',
    description: 'Lists the files of the workspace.',
    parameters: z.object({}),
    async run(_args, context) {
      const files = await listInside(await openWorkspace(root, context), maxListed);
      return files.length === 0 ? 'The workspace is empty.' : files.join('\n');
    },
  });
}

function readFile(root: string): Tool {
  return defineTool({
    name: 'read_file',
    description: 'Reads a text file of the workspace.',
    parameters: z.object({ path }),
    async run(args, context) {
      const target = await resolveInside(await openWorkspace(root, context), args.path);
      await using file = await openInside(target, constants.O_RDONLY);
      const { size } = await file.stat();
      if (size > maxFileBytes) {
        throw new MosaicError(
          'body_too_large',
          `The file has ${size} bytes; ${maxFileBytes} can be read.`,
        );
      }
      return file.readFile('utf8');
    },
  });
}

function writeFile(root: string): Tool {
  return defineTool({
    name: 'write_file',
    description: 'Writes a text file of the workspace, replacing what was there.',
    parameters: z.object({ path, content: z.string().max(maxFileBytes) }),
    async run(args, context) {
      const target = await resolveInside(await openWorkspace(root, context), args.path);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;
      await using file = await openInside(target, flags);
      await file.writeFile(args.content);
      return `Wrote ${args.content.length} characters to ${args.path}.`;
    },
  });
}
