import { tmpdir } from 'node:os';
import { Client as McpClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { boundedFetch } from './bounded-fetch.ts';
import type { McpServerConfig } from './mcp-settings.ts';

/** A started server may take its time, for example to install itself. */
const connectMs = 60_000;
/** Saying goodbye over HTTP is a courtesy, and waits for nobody. */
const goodbyeMs = 2_000;
/** The SDK kills a program that does not end 4 seconds after its input did. */
const killedMs = 5_000;

export interface Connection {
  readonly client: McpClient;
  /** Ends the session and the process; never throws. */
  close(): Promise<void>;
}

/**
 * Starts or reaches a server and says hello to it; throws when it does not answer in time, and when the
 * signal aborts. Whatever was started until then is ended.
 */
export async function connectServer(
  config: McpServerConfig,
  signal: AbortSignal,
): Promise<Connection> {
  signal.throwIfAborted();
  const client = new McpClient({ name: 'mosaic', version: '0.1.0' });
  const transport = makeTransport(config, () => void client.close());
  const { promise: isClosed, resolve: close } = Promise.withResolvers<void>();
  transport.onclose = close;
  try {
    // Its session id may be undefined, which the interface's type does not say.
    await client.connect(transport as Transport, { timeout: connectMs, signal });
  } catch (thrown) {
    await transport.close().catch(() => undefined);
    // The client closes it too, does not wait, and leaves nothing to wait for: the process may still be.
    await withinMs(isClosed, killedMs);
    throw thrown;
  }
  return {
    client,
    async close() {
      if (transport instanceof StreamableHTTPClientTransport) await sayGoodbye(transport);
      await client.close().catch(() => undefined);
    },
  };
}

function makeTransport(config: McpServerConfig, onTooLarge: () => void) {
  if ('command' in config) {
    const { args, command, cwd = tmpdir(), env } = config;
    // What it writes to its error output is its own affair and may hold secrets.
    return new StdioClientTransport({ command, args, env, cwd, stderr: 'ignore' });
  }
  const { headers, url } = config;
  const options = { requestInit: { headers }, fetch: boundedFetch(onTooLarge) };
  return new StreamableHTTPClientTransport(new URL(url), options);
}

/** Without it a server keeps what it holds for the session until it gives up by itself. */
async function sayGoodbye(transport: StreamableHTTPClientTransport): Promise<void> {
  await withinMs(
    transport.terminateSession().catch(() => undefined),
    goodbyeMs,
  );
}

async function withinMs(waitedFor: Promise<void>, ms: number): Promise<void> {
  const { promise: isLate, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([waitedFor, isLate]);
  clearTimeout(timer);
}
