import { defineService, runService, watchPreferences } from '@mosaic/service-kit';
import { keepAgentBook } from './adapters/agents/agent-book.ts';
import { openAgents } from './adapters/agents/open-agents.ts';
import { serveAgents } from './adapters/agents/serve-agents.ts';
import { serveTools } from './adapters/agents/serve-tools.ts';
import { startInboxWorker } from './adapters/inbox-worker.ts';
import { openConversationLogs } from './adapters/logs/conversation-logs.ts';
import { removePeople } from './adapters/remove-people.ts';
import { watchCancels } from './adapters/running-turns.ts';
import { serveApprovals } from './adapters/serve-approvals.ts';
import { serveConversations } from './adapters/serve-conversations.ts';
import { openLanes } from './app/lanes.ts';
import { agentsSettings, platformSettings } from './settings.ts';
import { openTools } from './tools/open-tools.ts';

export const agentsService = defineService({
  name: 'agents',
  settings: agentsSettings,
  async start({ bus, clock, config, log, addReadiness, onDrain, onStop }) {
    const logs = openConversationLogs(bus, clock);
    const running = watchCancels(bus, log);
    const { known, mcp, toolbox } = openTools({ bus, clock, config, log });
    onStop(() => mcp.stop());
    addReadiness({ name: 'mcp', check: async () => true, detail: () => mcp.trouble() });
    const approvalTimeoutMs = config.approvalMinutes * 60_000;
    const kept = openAgents({ databaseUrl: config.databaseUrl, log });
    onStop(() => kept.close());
    addReadiness({ name: 'agents', check: async () => true, detail: () => kept.trouble });
    const book = keepAgentBook({ bus, clock, log, store: kept.store });
    const preferences = watchPreferences({ bus, clock, log });
    onStop(() => preferences.stop());
    serveAgents({ bus, book, kept });
    serveTools({ bus, book, known });
    serveConversations({ bus, logs, book });
    serveApprovals(bus, logs, clock);
    const { concurrency } = config;
    const lanes = openLanes({ perLane: 8, inAll: Math.floor(concurrency / 2) });
    onDrain(async () => lanes.close());
    const { workspacesDir } = config;
    const forgetting = { book, logs, preferences, running };
    const removing = await removePeople({ bus, log, kept, mcp, workspacesDir, ...forgetting });
    onDrain(() => removing.stop());
    const platform = platformSettings(config);
    const turns = {
      logs,
      lanes,
      running,
      toolbox,
      approvalTimeoutMs,
      book,
      preferences,
      platform,
      concurrency,
    };
    await startInboxWorker({ bus, clock, log, ...turns });
  },
});

if (import.meta.main) await runService(agentsService);
