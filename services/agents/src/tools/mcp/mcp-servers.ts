import type { Logger } from '@mosaic/service-kit';
import type { Tool } from '../tool.ts';
import { keepMcpServer } from './mcp-server.ts';
import type { McpServerConfig } from './mcp-settings.ts';

export interface McpServers {
  /** The tools of the servers that are there now. */
  tools(): readonly Tool[];
  stop(): Promise<void>;
}

/** Keeps the connections to all servers of the operator. */
export function keepMcpServers(
  configs: Readonly<Record<string, McpServerConfig>>,
  log: Logger,
): McpServers {
  const servers = Object.entries(configs).map(([name, config]) =>
    keepMcpServer({ name, config, log }),
  );
  return {
    tools: () => servers.flatMap((server) => server.tools()),
    async stop() {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}
