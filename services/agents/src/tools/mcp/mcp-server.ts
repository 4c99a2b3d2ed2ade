import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Logger } from '@mosaic/service-kit';
import { isThere, throughOwn, throughShared } from './call-through.ts';
import { type Connection, connectServer } from './connect-server.ts';
import { keepOffers, type Offers } from './keep-offers.ts';
import type { McpServerConfig } from './mcp-settings.ts';
import type { OwnConnections } from './own-connections.ts';
import { settleFor } from './own-folder.ts';
import { type OfferedTool, serverTool } from './server-tool.ts';

export interface McpServer extends Pick<Offers, 'tools' | 'known' | 'obstacle'> {
  stop(): Promise<void>;
}

export interface McpServerParts {
  readonly name: string;
  readonly config: McpServerConfig;
  /** Where people's calls go, unless the server is shared. */
  readonly own: OwnConnections;
  /** Below it a started server has its folders. */
  readonly root: string;
  readonly log: Logger;
}

/** Waits between attempts to reach a server, the last one again and again. */
const retriesMs = [500, 2_000, 10_000, 60_000] as const;
const listMs = 30_000;
/** A server that lists without end is not believed. */
const maxPages = 20;

/**
 * Keeps one connection to a server, in nobody's name: it says what the server offers and whether it is
 * there. It connects at once and again whenever it is lost, in the background, so that a server that is
 * dead or slow holds up neither the start nor a turn. Calls go over it only where the server is shared.
 */
export function keepMcpServer(parts: McpServerParts): McpServer {
  const { config, log, name: server, root } = parts;
  const stopping = new AbortController();
  let connection: Connection | undefined;
  let opening: Promise<void> | undefined;
  const offers = keepOffers(parts);
  let attempt = 0;
  let timer: NodeJS.Timeout | undefined;

  const refresh = async ({ client }: Connection): Promise<void> => {
    const offered = await listAll(client);
    offers.take(offered, (tool) => serverTool(tool, ofServer));
    const allowed = offers.tools().length;
    log.info({ server, offered: offered.length, allowed }, 'MCP server is there');
  };

  const lose = (why: unknown): void => {
    connection = undefined;
    offers.drop();
    if (stopping.signal.aborted) return;
    const waitMs = retriesMs[Math.min(attempt++, retriesMs.length - 1)] ?? 60_000;
    log.warn({ server, err: why, waitMs }, 'MCP server is away');
    clearTimeout(timer);
    timer = setTimeout(connect, waitMs);
  };

  const check = (): void => {
    const asked = connection;
    if (asked === undefined) return;
    void isThere(asked.client).then(async (isAnswering) => {
      if (isAnswering || connection !== asked) return;
      lose('it does not answer');
      await asked.close();
    });
  };

  const connect = (): void => {
    opening = open().catch(lose);
  };

  const open = async (): Promise<void> => {
    const opened = await connectServer(await settleFor(config, { root, server }), stopping.signal);
    opened.client.onclose = () => {
      if (connection === opened) lose('it went away');
    };
    opened.client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      refresh(opened).catch((err: unknown) => log.warn({ server, err }, 'no list of tools'));
    });
    connection = opened;
    try {
      await refresh(opened);
      attempt = 0;
    } catch (thrown) {
      connection = undefined;
      await opened.close();
      throw thrown;
    }
  };

  const callThrough = config.shared
    ? throughShared(server, { now: () => connection, check })
    : throughOwn({ ...parts, server }, check);
  const ofServer = { server, deadlineMs: config.timeoutS * 1_000, callThrough };
  connect();
  return {
    ...offers,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await connection?.close();
      await opening;
    },
  };
}

async function listAll(client: Client): Promise<OfferedTool[]> {
  const all: OfferedTool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const listed = await client.listTools(cursor === undefined ? {} : { cursor }, {
      timeout: listMs,
    });
    all.push(...listed.tools);
    cursor = listed.nextCursor;
    if (cursor === undefined) break;
  }
  return all;
}
