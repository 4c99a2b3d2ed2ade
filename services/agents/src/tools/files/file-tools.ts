import type { Tool } from '../tool.ts';
import { editFileTool } from './edit-file.ts';
import { grepFilesTool } from './grep-files.ts';
import { listFilesTool } from './list-files.ts';
import { readFileTool } from './read-file.ts';
import { writeFileTool } from './write-file.ts';

/** Everything that works on the files of the conversation's own workspace folder below `root`. */
export function fileTools(root: string): Tool[] {
  return [
    listFilesTool(root),
    readFileTool(root),
    writeFileTool(root),
    editFileTool(root),
    grepFilesTool(root),
  ];
}
