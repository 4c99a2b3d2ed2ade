import { defineService, runService } from '@mosaic/service-kit';
import { keepAgentBook } from './adapters/agents/agent-book.ts';
import { openAgents } from './adapters/agents/open-agents.ts';
import { serveAgents } from './adapters/agents/serve-agents.ts';
import { openConversationLogs } from './adapters/conversation-logs.ts';
import { startInboxWorker } from './adapters/inbox-worker.ts';
import { watchCancels } from './adapters/running-turns.ts';
import { serveApprovals } from './adapters/serve-approvals.ts';
import { serveConversations } from './adapters/serve-conversations.ts';
import { openLanes } from './app/lanes.ts';
import { agentsSettings, platformSettings } from './settings.ts';
import { currentTimeTool } from './tools/current-time.ts';
import { fileTools } from './tools/files.ts';
import { searchConversationsTool } from './tools/search-conversations.ts';
import { makeToolbox } from './tools/toolbox.ts';

export const agentsService = defineService({
  name: 'agents',
  settings: agentsSettings,
  async start({ bus, clock, config, log, addReadiness, onDrain, onStop }) {
    const logs = openConversationLogs(bus, clock);
    const running = watchCancels(bus, log);
    const toolbox = makeToolbox([
      currentTimeTool(clock),
      searchConversationsTool(bus),
      ...fileTools(config.workspacesDir),
    ]);
    const kept = openAgents({ databaseUrl: config.databaseUrl, log });
    onStop(() => kept.close());
    addReadiness({ name: 'agents', check: async () => true, detail: () => kept.trouble });
    const book = keepAgentBook({ bus, clock, log, store: kept.store });
    serveAgents({ bus, book, kept });
    serveConversations({ bus, logs, book });
    serveApprovals(bus, logs, clock);
    const { concurrency } = config;
    const lanes = openLanes({ perLane: 8, inAll: Math.floor(concurrency / 2) });
    onDrain(async () => lanes.close());
    const platform = platformSettings(config);
    const turns = { bus, clock, log, logs, lanes, running, toolbox, book, platform };
    await startInboxWorker({ ...turns, concurrency });
  },
});

if (import.meta.main) await runService(agentsService);
