import { inbox, toolResultKept } from '@mosaic/proto';
import { defineService, obeyDeletions, runService } from '@mosaic/service-kit';
import { z } from 'zod';
import { openConversationLogs } from './adapters/conversation-logs.ts';
import { startInboxWorker } from './adapters/inbox-worker.ts';
import { watchCancels } from './adapters/running-turns.ts';
import { serveApprovals } from './adapters/serve-approvals.ts';
import { serveConversations } from './adapters/serve-conversations.ts';
import { openLanes } from './app/lanes.ts';
import { removeWorkspaces } from './tools/files/remove-workspaces.ts';
import { openTools } from './tools/open-tools.ts';
import { toolSettings } from './tools/tool-settings.ts';

export const agentsService = defineService({
  name: 'agents',
  settings: {
    ...toolSettings,
    concurrency: {
      env: 'MOSAIC_TURN_CONCURRENCY',
      schema: z.coerce.number().int().min(1).max(10_000).default(256),
      example: '256',
    },
  },
  async start({ bus, clock, config, log, onDrain, onStop }) {
    const logs = openConversationLogs(bus, clock);
    const running = watchCancels(bus, log);
    const { toolbox, stop } = openTools({ bus, clock, config, log });
    onStop(stop);
    const approvalTimeoutMs = config.approvalMinutes * 60_000;
    serveConversations(bus, logs);
    serveApprovals(bus, logs, clock);
    const { concurrency } = config;
    const lanes = openLanes({ perLane: 8, inAll: Math.floor(concurrency / 2) });
    onDrain(async () => lanes.close());
    const obeying = await obeyDeletions({
      bus,
      log,
      durable: 'agents-users',
      purge: async (userId) => ({
        messages_waiting: await bus.purgeUser(inbox, userId),
        tool_results: await bus.purgeUser(toolResultKept, userId),
        files: await removeWorkspaces(config.workspacesDir, userId),
      }),
      forget(userId) {
        running.cancelAllOf(userId);
        logs.forget(userId);
      },
    });
    onDrain(() => obeying.stop());
    const turns = { logs, lanes, running, toolbox, approvalTimeoutMs, concurrency };
    await startInboxWorker({ bus, clock, log, ...turns });
  },
});

if (import.meta.main) await runService(agentsService);
