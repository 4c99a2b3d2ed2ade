import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import type { FindObstacle } from '../tool.ts';

/** Whether the folder of all workspaces can be made and written. */
export function folderObstacle(root: string): FindObstacle {
  return async () => {
    try {
      await mkdir(root, { recursive: true, mode: 0o700 });
      await access(root, constants.R_OK | constants.W_OK | constants.X_OK);
      return null;
    } catch {
      // The path of a machine is nothing for people who only chat.
      return {
        reason: 'The folder of the workspaces can not be written.',
        advice:
          'The operator makes MOSAIC_WORKSPACES_DIR a folder that the service agents may write.',
      };
    }
  };
}
