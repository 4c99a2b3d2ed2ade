import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { MosaicError } from '@mosaic/proto';
import type { Logger } from '@mosaic/service-kit';
import { defaultManners, type Tool } from '../tool.ts';
import { connectServer } from './connect-server.ts';
import { keepOffers, type Offers } from './keep-offers.ts';
import type { McpServerConfig } from './mcp-settings.ts';
import { resultText } from './result-text.ts';

export interface McpServer extends Pick<Offers, 'tools' | 'known' | 'obstacle'> {
  stop(): Promise<void>;
}

export interface McpServerParts {
  readonly name: string;
  readonly config: McpServerConfig;
  readonly log: Logger;
}

type OfferedTool = Awaited<ReturnType<Client['listTools']>>['tools'][number];

/** Waits between attempts to reach a server, the last one again and again. */
const retriesMs = [500, 2_000, 10_000, 60_000] as const;
const listMs = 30_000;
const pingMs = 5_000;
/** A server that lists without end is not believed. */
const maxPages = 20;

/**
 * Keeps the connection to one server: connects at once and again whenever it is lost, in the background,
 * so that a server that is dead or slow holds up neither the start nor a turn.
 */
export function keepMcpServer(parts: McpServerParts): McpServer {
  const { config, log, name } = parts;
  let client: Client | undefined;
  const offers = keepOffers(parts);
  let attempt = 0;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const refresh = async (connected: Client): Promise<void> => {
    const offered = await listAll(connected);
    offers.take(offered, (tool) => toolOf(parts, tool, { clientNow: () => client, check }));
    const allowed = offers.tools().length;
    log.info({ server: name, offered: offered.length, allowed }, 'MCP server is there');
  };

  const lose = (why: unknown): void => {
    client = undefined;
    offers.drop();
    if (isStopped) return;
    const waitMs = retriesMs[Math.min(attempt, retriesMs.length - 1)] ?? 60_000;
    attempt += 1;
    log.warn({ server: name, err: why, waitMs }, 'MCP server is away');
    clearTimeout(timer);
    timer = setTimeout(connect, waitMs);
  };

  /** Over HTTP nobody tells that a server is gone, or has forgotten us: after a failed call we ask. */
  const check = (asked: Client): void => {
    asked.ping({ timeout: pingMs }).catch(async (why: unknown) => {
      if (client !== asked) return;
      lose(why);
      await asked.close().catch(() => undefined);
    });
  };

  const connect = (): void => {
    open().catch(lose);
  };

  const open = async (): Promise<void> => {
    const connected = await connectServer(config);
    if (isStopped) return await connected.close();
    connected.onclose = () => {
      if (client === connected) lose('it went away');
    };
    connected.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      refresh(connected).catch((err: unknown) =>
        log.warn({ server: name, err }, 'no list of tools'),
      );
    });
    client = connected;
    try {
      await refresh(connected);
      attempt = 0;
    } catch (thrown) {
      client = undefined;
      await connected.close().catch(() => undefined);
      throw thrown;
    }
  };

  connect();
  return {
    ...offers,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await client?.close().catch(() => undefined);
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

interface Connection {
  readonly clientNow: () => Client | undefined;
  /** Finds out whether the server is still there. */
  readonly check: (asked: Client) => void;
}

/** The server checks the arguments itself: it knows its schema better than anybody. */
function toolOf(
  { config, name }: McpServerParts,
  offered: OfferedTool,
  { check, clientNow }: Connection,
): Tool {
  const deadlineMs = config.timeoutS * 1_000;
  return {
    ...defaultManners,
    name: `mcp:${name}:${offered.name}`,
    server: name,
    description: (offered.description ?? offered.title ?? offered.name).slice(0, 4_000),
    parameters: offered.inputSchema,
    defaultPolicy: 'ask',
    deadlineMs,
    async run(args, { signal }) {
      const client = clientNow();
      if (client === undefined) {
        throw new MosaicError('service_unavailable', `The server "${name}" is away now.`);
      }
      const options = { signal, timeout: deadlineMs, maxTotalTimeout: deadlineMs };
      const call = { name: offered.name, arguments: { ...args } };
      const result = await client.callTool(call, undefined, options).catch((cause: unknown) => {
        check(client);
        const why = cause instanceof Error ? cause.message.slice(0, 500) : 'it did not answer';
        throw new MosaicError('service_unavailable', `${name}: ${why}`, { cause });
      });
      return resultText(result);
    },
  };
}
