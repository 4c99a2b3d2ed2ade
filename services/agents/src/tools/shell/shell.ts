import { mkdir } from 'node:fs/promises';
import { z } from 'zod';
import { workspacePath } from '../files/open-inside.ts';
import { defineTool, type Tool } from '../tool.ts';
import { runInSandbox } from './sandbox.ts';

export interface ShellParts {
  readonly root: string;
  readonly deadlineMs?: number;
  /** Where bubblewrap is; found in the usual places without it. */
  readonly program?: string;
}

/** Found in the usual places. */
export const bubblewrap = 'bwrap';

/** Runs commands in the conversation's workspace and nowhere else. Off unless the operator says so. */
export function shellTool({ root, deadlineMs, program = bubblewrap }: ShellParts): Tool {
  return defineTool({
    name: 'shell',
    description:
      'Runs a shell command in the workspace folder: no network, nothing else of the machine can be written. Nothing goes on running after it.',
    parameters: z.object({ command: z.string().min(1).max(20_000) }),
    defaultPolicy: 'ask',
    deadlineMs: deadlineMs ?? 120_000,
    runsAlone: true,
    async run({ command }, context) {
      const workspace = workspacePath(root, context);
      await mkdir(workspace, { recursive: true, mode: 0o700 });
      const { exitCode, isCut, output } = await runInSandbox({
        workspace,
        command,
        program,
        signal: context.signal,
      });
      const rest = isCut ? '\n[There was more output; it was not kept.]' : '';
      return `[Exit code ${exitCode ?? 'none: it was killed'}]\n${output}${rest}`;
    },
  });
}
