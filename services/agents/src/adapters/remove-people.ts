import { inbox, toolResultKept } from '@mosaic/proto';
import {
  type Bus,
  type Logger,
  obeyDeletions,
  type PreferenceWatch,
  type Stoppable,
} from '@mosaic/service-kit';
import { removeWorkspaces } from '../tools/files/remove-workspaces.ts';
import type { McpServers } from '../tools/mcp/mcp-servers.ts';
import type { AgentBook } from './agents/agent-book.ts';
import type { KeptAgents } from './agents/open-agents.ts';
import type { ConversationLogs } from './logs/conversation-logs.ts';
import type { RunningTurns } from './running-turns.ts';

export interface RemovingPeople {
  readonly bus: Bus;
  readonly log: Logger;
  readonly kept: Pick<KeptAgents, 'purge'>;
  readonly book: Pick<AgentBook, 'forget'>;
  readonly preferences: Pick<PreferenceWatch, 'forget'>;
  readonly logs: Pick<ConversationLogs, 'forget'>;
  readonly running: Pick<RunningTurns, 'cancelAllOf'>;
  readonly mcp: Pick<McpServers, 'endFor'>;
  readonly workspacesDir: string;
}

/** Removes a removed person's agents, waiting messages, files and tool results, and ends their turns. */
export function removePeople(removing: RemovingPeople): Promise<Stoppable> {
  const { book, bus, kept, log, logs, mcp, preferences, running, workspacesDir } = removing;
  return obeyDeletions({
    bus,
    log,
    durable: 'agents-users',
    async purge(userId) {
      // First: what still runs for them could write into their folder again.
      await mcp.endFor(userId);
      return {
        ...(await kept.purge(userId)),
        messages_waiting: await bus.purgeUser(inbox, userId),
        tool_results: await bus.purgeUser(toolResultKept, userId),
        files: await removeWorkspaces(workspacesDir, userId),
      };
    },
    forget(userId) {
      running.cancelAllOf(userId);
      void mcp.endFor(userId);
      logs.forget(userId);
      book.forget(userId);
      preferences.forget(userId);
    },
  });
}
