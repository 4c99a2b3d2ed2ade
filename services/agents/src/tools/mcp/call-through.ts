import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { MosaicError } from '@mosaic/proto';
import type { Logger } from '@mosaic/service-kit';
import { type Connection, connectServer } from './connect-server.ts';
import type { McpServerConfig } from './mcp-settings.ts';
import type { OwnConnections } from './own-connections.ts';
import { settleFor } from './own-folder.ts';
import type { CallThrough } from './server-tool.ts';

const pingMs = 5_000;

/** Over HTTP nobody tells that a server is gone, or has forgotten us: after a failed call we ask. */
export async function isThere(client: Client): Promise<boolean> {
  return await client.ping({ timeout: pingMs }).then(
    () => true,
    () => false,
  );
}

/** The one connection that everybody shares. */
export function throughShared(
  server: string,
  shared: { readonly now: () => Connection | undefined; readonly check: () => void },
): CallThrough {
  return async (_userId, work) => {
    const connection = shared.now();
    if (connection === undefined) throw away(server);
    try {
      return await work(connection.client);
    } catch (thrown) {
      shared.check();
      throw thrown;
    }
  };
}

export interface OwnParts {
  readonly server: string;
  readonly config: McpServerConfig;
  readonly own: OwnConnections;
  /** Below it every person has a folder. */
  readonly root: string;
  readonly log: Logger;
}

/** A connection for each person. `check` looks whether the server is there at all. */
export function throughOwn(parts: OwnParts, check: () => void): CallThrough {
  const { config, log, own, root, server } = parts;
  return async (userId, work) => {
    const whose = { server, userId };
    const connect = async (signal: AbortSignal): Promise<Connection> => {
      try {
        return await connectServer(await settleFor(config, { root, server, userId }), signal);
      } catch (err) {
        log.warn({ server, err }, 'no connection to an MCP server for a person');
        check();
        throw away(server);
      }
    };
    return await own.use(whose, connect, async (connection) => {
      try {
        return await work(connection.client);
      } catch (thrown) {
        if (!(await isThere(connection.client))) {
          own.drop(whose, connection);
          check();
        }
        throw thrown;
      }
    });
  };
}

/** What broke may name paths and addresses: that is for the log, and not for everybody who chats. */
const away = (server: string) =>
  new MosaicError('service_unavailable', `The server "${server}" is away now.`);
