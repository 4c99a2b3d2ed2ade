import type { Bus, Clock, Logger } from '@mosaic/service-kit';
import { currentTimeTool } from './current-time.ts';
import { fileTools } from './files/file-tools.ts';
import type { KnownTools } from './list-tools.ts';
import { keepMcpServers, type McpServers } from './mcp/mcp-servers.ts';
import { folderObstacle } from './obstacles/folder-obstacle.ts';
import { memoryObstacle } from './obstacles/memory-obstacle.ts';
import { findNameServerObstacle } from './obstacles/name-server-obstacle.ts';
import { hinderedBy, lookAtTimes } from './obstacles/obstacle.ts';
import { findSandboxObstacle, shellIsOff } from './obstacles/shell-obstacle.ts';
import { memorySaveTool } from './recall/memory-save.ts';
import { memorySearchTool } from './recall/memory-search.ts';
import { searchConversationsTool } from './recall/search-conversations.ts';
import { readResultTool } from './results/read-result.ts';
import { type ResultStore, resultStoreOnBus } from './results/result-store.ts';
import { bubblewrap, shellTool } from './shell/shell.ts';
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
  readonly known: KnownTools;
  /** The other programs that tools reach. */
  readonly mcp: Pick<McpServers, 'trouble' | 'endFor' | 'stop'>;
}

/** Every tool there is. A new one is a file and its line in `builtIn`. */
export function openTools(parts: ToolParts): OpenedTools {
  const { bus, config, log } = parts;
  const results = resultStoreOnBus(bus);
  const tools = builtIn(parts, results);
  const shell = shellHere(parts);
  const mcp = keepMcpServers({
    configs: config.mcpServers,
    limits: { most: config.mcpConnections, idleMs: config.mcpIdleMinutes * 60_000 },
    root: config.workspacesDir,
    log,
  });
  const usable = config.hasShell ? [...tools, ...shell] : tools;
  const toolbox = makeToolbox({ tools: () => [...usable, ...mcp.tools()], results, log });
  const known: KnownTools = {
    tools: () => [...tools, ...shell, ...mcp.known()],
    servers: ({ caller }) => mcp.states(caller.userId),
  };
  return { toolbox, known, mcp };
}

function builtIn({ bus, clock, config }: ToolParts, results: ResultStore): readonly Tool[] {
  const { fetchOpenedHosts: openedHosts, fetchPorts: ports, workspacesDir } = config;
  const memory = [searchConversationsTool(bus), memorySearchTool(bus), memorySaveTool(bus)];
  const nameServer = lookAtTimes(clock, () => findNameServerObstacle());
  return [
    currentTimeTool(clock),
    readResultTool(results),
    ...hinderedBy(folderObstacle(workspacesDir), fileTools(workspacesDir)),
    ...hinderedBy(memoryObstacle(bus), memory),
    ...hinderedBy(nameServer, [webFetchTool({ rules: { ports, openedHosts } })]),
  ];
}

/** Known also where it is off, so that people hear why they have none. */
function shellHere({ clock, config }: ToolParts): readonly Tool[] {
  const sandbox = lookAtTimes(clock, () => findSandboxObstacle(bubblewrap));
  const shell = shellTool({ root: config.workspacesDir, program: bubblewrap });
  return hinderedBy(config.hasShell ? sandbox : shellIsOff, [shell]);
}
