import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { addTestTools } from './mcp-test-tools.ts';

const server = new McpServer({ name: 'test', version: '1.0.0' });
addTestTools(server);
await server.connect(new StdioServerTransport());
