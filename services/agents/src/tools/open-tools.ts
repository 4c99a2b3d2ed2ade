import type { Bus, Clock, Logger } from '@mosaic/service-kit';
import { currentTimeTool } from './current-time.ts';
import { fileTools } from './files/file-tools.ts';
import { keepMcpServers } from './mcp/mcp-servers.ts';
import { memorySaveTool } from './recall/memory-save.ts';
import { memorySearchTool } from './recall/memory-search.ts';
import { searchConversationsTool } from './recall/search-conversations.ts';
import { readResultTool } from './results/read-result.ts';
import { resultStoreOnBus } from './results/result-store.ts';
import { shellTool } from './shell/shell.ts';
import type { Tool } from './tool.ts';
import type { ToolConfig } from './tool-settings.ts';
import { makeToolbox, type Toolbox } from './toolbox.ts';
import { webFetchTool } from './web/web-fetch.ts';

export interface ToolParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: ToolConfig;
}

export interface OpenedTools {
  readonly toolbox: Toolbox;
  /** Ends what tools started. */
  stop(): Promise<void>;
}

/** Every tool there is. A new one is a file and its line here. */
export function openTools({ bus, clock, config, log }: ToolParts): OpenedTools {
  const results = resultStoreOnBus(bus);
  const { fetchOpenedHosts: openedHosts, fetchPorts: ports, workspacesDir } = config;
  const tools: readonly Tool[] = [
    currentTimeTool(clock),
    readResultTool(results),
    ...fileTools(workspacesDir),
    searchConversationsTool(bus),
    memorySearchTool(bus),
    memorySaveTool(bus),
    webFetchTool({ rules: { ports, openedHosts } }),
    ...(config.hasShell ? [shellTool({ root: workspacesDir })] : []),
  ];
  const mcp = keepMcpServers(config.mcpServers, log);
  const toolbox = makeToolbox({ tools: () => [...tools, ...mcp.tools()], results, log });
  return { toolbox, stop: () => mcp.stop() };
}
