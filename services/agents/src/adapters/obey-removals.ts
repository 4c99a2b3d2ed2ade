import { inbox } from '@mosaic/proto';
import { type Bus, type Logger, obeyDeletions, type Stoppable } from '@mosaic/service-kit';
import { removeWorkspaces } from '../tools/workspace.ts';
import type { ConversationLogs } from './conversation-logs.ts';
import type { RunningTurns } from './running-turns.ts';

export interface ObeyingRemovals {
  readonly bus: Bus;
  readonly log: Logger;
  readonly logs: Pick<ConversationLogs, 'forget'>;
  readonly running: Pick<RunningTurns, 'cancelAllOf'>;
  readonly workspacesDir: string;
}

/** Ends the turns of people whose account is removed, and removes their waiting messages and files. */
export function obeyRemovals(parts: ObeyingRemovals): Promise<Stoppable> {
  const { bus, log, logs, running, workspacesDir } = parts;
  return obeyDeletions({
    bus,
    log,
    durable: 'agents-users',
    purge: async (userId) => ({
      messages_waiting: await bus.purgeUser(inbox, userId),
      files: await removeWorkspaces(workspacesDir, userId),
    }),
    forget(userId) {
      running.cancelAllOf(userId);
      logs.forget(userId);
    },
  });
}
