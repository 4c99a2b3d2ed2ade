import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigOf } from '@mosaic/service-kit';
import { z } from 'zod';
import { mcpServersSetting } from './mcp/mcp-settings.ts';

const list = z
  .string()
  .default('')
  .transform((text) => text.split(/[,\s]+/).filter((one) => one !== ''));

/** What the operator decides about tools, whatever agents are given. */
export const toolSettings = {
  workspacesDir: {
    env: 'MOSAIC_WORKSPACES_DIR',
    schema: z.string().default(join(tmpdir(), 'mosaic-workspaces')),
    example: '/var/lib/mosaic/workspaces',
  },
  approvalMinutes: {
    env: 'MOSAIC_APPROVAL_MINUTES',
    schema: z.coerce.number().min(0.001).max(1_440).default(10),
    example: '10',
  },
  fetchPorts: {
    env: 'MOSAIC_FETCH_PORTS',
    schema: list
      .transform((ports) => ports.map(Number))
      .pipe(z.array(z.number().int().min(1).max(65_535))),
    example: '8080,8443',
  },
  fetchOpenedHosts: {
    env: 'MOSAIC_FETCH_OPENED_HOSTS',
    schema: list,
    example: 'wiki.example.org,10.0.0.7:8080',
  },
  hasShell: {
    env: 'MOSAIC_SHELL',
    schema: z
      .enum(['0', '1'], { error: 'must be 0 or 1' })
      .default('0')
      .transform((value): boolean => value === '1'),
    example: '1 lets agents run commands under bubblewrap',
  },
  mcpServers: mcpServersSetting,
  mcpConnections: {
    env: 'MOSAIC_MCP_CONNECTIONS',
    schema: z.coerce.number().int().min(1).max(10_000).default(64),
    example: '64, the processes and sessions that people have at MCP servers at once',
  },
  mcpIdleMinutes: {
    env: 'MOSAIC_MCP_IDLE_MINUTES',
    schema: z.coerce.number().min(0.001).max(1_440).default(15),
    example: '15, after which an unused one is ended',
  },
} as const;

export type ToolConfig = ConfigOf<typeof toolSettings>;
