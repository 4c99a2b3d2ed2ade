import { Client as McpClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { McpServerConfig } from './mcp-settings.ts';

/** A started server may take its time, for example to install itself. */
const connectMs = 60_000;

/** Starts or reaches a server and says hello to it; throws when it does not answer in time. */
export async function connectServer(config: McpServerConfig): Promise<McpClient> {
  const client = new McpClient({ name: 'mosaic', version: '0.1.0' });
  const transport = makeTransport(config);
  try {
    await client.connect(transport, { timeout: connectMs });
    return client;
  } catch (thrown) {
    await transport.close().catch(() => undefined);
    throw thrown;
  }
}

function makeTransport(config: McpServerConfig): Transport {
  if ('command' in config) {
    const { args, command, cwd, env } = config;
    // What it writes to its error output is its own affair and may hold secrets.
    return new StdioClientTransport({ command, args, env, cwd, stderr: 'ignore' });
  }
  const { headers, url } = config;
  // Its session id may be undefined, which the interface's type does not say.
  return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }) as Transport;
}
