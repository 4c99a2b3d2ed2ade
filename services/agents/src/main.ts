import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineService, runService } from '@mosaic/service-kit';
import { z } from 'zod';
import { openConversationLogs } from './adapters/conversation-logs.ts';
import { startInboxWorker } from './adapters/inbox-worker.ts';
import { obeyRemovals } from './adapters/obey-removals.ts';
import { watchCancels } from './adapters/running-turns.ts';
import { serveConversations } from './adapters/serve-conversations.ts';
import { openLanes } from './app/lanes.ts';
import { currentTimeTool } from './tools/current-time.ts';
import { fileTools } from './tools/files.ts';
import { searchConversationsTool } from './tools/search-conversations.ts';
import { makeToolbox } from './tools/toolbox.ts';

export const agentsService = defineService({
  name: 'agents',
  settings: {
    workspacesDir: {
      env: 'MOSAIC_WORKSPACES_DIR',
      schema: z.string().default(join(tmpdir(), 'mosaic-workspaces')),
      example: '/var/lib/mosaic/workspaces',
    },
    concurrency: {
      env: 'MOSAIC_TURN_CONCURRENCY',
      schema: z.coerce.number().int().min(1).max(10_000).default(256),
      example: '256',
    },
  },
  async start({ bus, clock, config, log, onDrain }) {
    const logs = openConversationLogs(bus, clock);
    const running = watchCancels(bus, log);
    const toolbox = makeToolbox([
      currentTimeTool(clock),
      searchConversationsTool(bus),
      ...fileTools(config.workspacesDir),
    ]);
    serveConversations(bus, logs);
    const { concurrency, workspacesDir } = config;
    const lanes = openLanes({ perLane: 8, inAll: Math.floor(concurrency / 2) });
    onDrain(async () => lanes.close());
    const obeying = await obeyRemovals({ bus, log, logs, running, workspacesDir });
    onDrain(() => obeying.stop());
    await startInboxWorker({ bus, clock, log, logs, lanes, running, toolbox, concurrency });
  },
});

if (import.meta.main) await runService(agentsService);
