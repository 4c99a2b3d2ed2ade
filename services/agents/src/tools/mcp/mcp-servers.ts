import type { Logger } from '@mosaic/service-kit';
import type { Obstacle, Tool } from '../tool.ts';
import { keepMcpServer } from './mcp-server.ts';
import type { McpServerConfig } from './mcp-settings.ts';

export interface McpServers {
  /** The tools of the servers that are there now. */
  tools(): readonly Tool[];
  /** What they offer or offered last, with what can't be used now. */
  known(): readonly Tool[];
  /** Every server, and what is the matter with it. */
  states(): readonly { readonly name: string; readonly obstacle: Obstacle | null }[];
  stop(): Promise<void>;
}

/** Keeps the connections to all servers of the operator. */
export function keepMcpServers(
  configs: Readonly<Record<string, McpServerConfig>>,
  log: Logger,
): McpServers {
  const servers = Object.entries(configs).map(([name, config]) => ({
    name,
    ...keepMcpServer({ name, config, log }),
  }));
  return {
    tools: () => servers.flatMap((server) => server.tools()),
    known: () => servers.flatMap((server) => server.known()),
    states: () => servers.map(({ name, obstacle }) => ({ name, obstacle: obstacle() })),
    async stop() {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}
