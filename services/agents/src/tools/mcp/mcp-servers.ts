import type { Logger } from '@mosaic/service-kit';
import type { Obstacle, Tool } from '../tool.ts';
import { keepMcpServer } from './mcp-server.ts';
import type { McpServerConfig } from './mcp-settings.ts';
import { keepOwnConnections, type OwnConnectionLimits } from './own-connections.ts';

export interface McpServerState {
  readonly name: string;
  /** One connection for everybody, as the operator wished. */
  readonly isShared: boolean;
  /** Whether the person who asks has a connection of their own now. */
  readonly isOwnOpen: boolean;
  readonly obstacle: Obstacle | null;
}

export interface McpServers {
  /** The tools of the servers that are there now. */
  tools(): readonly Tool[];
  /** What they offer or offered last, with what can't be used now. */
  known(): readonly Tool[];
  /** Every server, and what is the matter with it, for one person. */
  states(userId: string): readonly McpServerState[];
  /** What the operator should know, in a sentence; undefined when all is well. */
  trouble(): string | undefined;
  /** Ends what runs for a person. */
  endFor(userId: string): Promise<void>;
  stop(): Promise<void>;
}

export interface McpParts {
  readonly configs: Readonly<Record<string, McpServerConfig>>;
  readonly limits: OwnConnectionLimits;
  /** Below it, people and servers have folders. */
  readonly root: string;
  readonly log: Logger;
}

/** Keeps the connections to all servers of the operator. */
export function keepMcpServers({ configs, limits, log, root }: McpParts): McpServers {
  const own = keepOwnConnections(limits);
  const servers = Object.entries(configs).map(([name, config]) => ({
    name,
    isShared: config.shared,
    ...keepMcpServer({ name, config, own, root, log }),
  }));
  return {
    tools: () => servers.flatMap((server) => server.tools()),
    known: () => servers.flatMap((server) => server.known()),
    states: (userId) =>
      servers.map(({ isShared, name, obstacle }) => ({
        ...{ name, isShared, obstacle: obstacle() },
        isOwnOpen: own.has({ server: name, userId }),
      })),
    trouble() {
      const away = servers.filter(({ obstacle }) => obstacle() !== null).map(({ name }) => name);
      const said = [
        ...(away.length === 0 ? [] : [`MCP servers that are away: ${away.join(', ')}`]),
        ...(own.count() < limits.most ? [] : [`all ${limits.most} MCP connections are taken`]),
      ];
      return said.length === 0 ? undefined : said.join('; ');
    },
    endFor: (userId) => own.endFor(userId),
    async stop() {
      await Promise.all([own.stop(), ...servers.map((server) => server.stop())]);
    },
  };
}
