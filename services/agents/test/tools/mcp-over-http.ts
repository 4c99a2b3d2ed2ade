import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { json } from 'node:stream/consumers';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { addTestTools } from './mcp-test-tools.ts';

export interface McpOverHttp {
  readonly url: string;
  /** How many sessions are open. */
  sessionCount(): number;
  /** As a server that was started anew: it knows nobody any more. */
  forgetEverybody(): void;
  stop(): void;
}

/** What a request told: all its headers, and its body where it has one. */
export interface ToldToMcp {
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** An MCP server with the test tools, reached over HTTP. */
export async function serveMcpOverHttp(
  onRequest: (told: ToldToMcp) => void = () => undefined,
): Promise<McpOverHttp> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const http = createServer(async (request, response) => {
    const body = request.method === 'POST' ? await json(request) : undefined;
    onRequest({ headers: request.headers, body });
    const known = sessions.get(String(request.headers['mcp-session-id']));
    if (known !== undefined) return await known.handleRequest(request, response, body);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    const server = new McpServer({ name: 'http', version: '1.0.0' });
    addTestTools(server);
    // The type of its session id says undefined, that of the interface does not.
    await server.connect(transport as Parameters<McpServer['connect']>[0]);
    await transport.handleRequest(request, response, body);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/mcp`,
    sessionCount: () => sessions.size,
    forgetEverybody: () => {
      sessions.clear();
      http.closeAllConnections();
    },
    stop: () => {
      http.close();
      http.closeAllConnections();
    },
  };
}
