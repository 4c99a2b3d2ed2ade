import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Setting } from '@mosaic/service-kit';
import { z } from 'zod';

const common = {
  /** Names or patterns with `*` of the tools that agents may be given; the others do not exist. */
  tools: z.array(z.string().min(1).max(128)).min(1),
  timeoutS: z.number().positive().max(600).default(60),
};

const stdioServer = z.strictObject({
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  /** All that it gets beside PATH, HOME and the like: it never sees the environment of Mosaic. */
  env: z.record(z.string(), z.string()).default({}),
  cwd: z.string().default(tmpdir()),
  ...common,
});

const httpServer = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string(), z.string()).default({}),
  ...common,
});

/** Without `_` and `:`, which part the names of servers and tools. */
const serverName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);

const serversSchema = z.record(serverName, z.union([stdioServer, httpServer]));
export type McpServerConfig = z.infer<typeof stdioServer> | z.infer<typeof httpServer>;

/**
 * The MCP servers of the operator: the path of the file, or, from `NAME_FILE`, its text. It is read with
 * the other settings, so that a file that can't be used stops the start.
 */
export const mcpServersSetting = {
  env: 'MOSAIC_MCP_SERVERS',
  schema: z
    .string()
    .trim()
    .default('')
    .transform((value, context): Readonly<Record<string, McpServerConfig>> => {
      if (value === '') return {};
      const read = readServers(value);
      if (typeof read !== 'string') return read;
      const advice = 'Correct it, or leave the variable out; docs/tools.md shows a whole file.';
      context.addIssue({ code: 'custom', message: `the file can't be used. ${advice}\n${read}` });
      return z.NEVER;
    }),
  example: '/etc/mosaic/mcp-servers.json',
  isSecret: true,
} satisfies Setting;

/** The servers, or what is wrong with the file. */
function readServers(value: string): Readonly<Record<string, McpServerConfig>> | string {
  let content: unknown;
  try {
    content = JSON.parse(value.startsWith('{') ? value : readFileSync(value, 'utf8'));
  } catch (thrown) {
    return thrown instanceof SyntaxError ? 'It is not JSON.' : `${value} can't be read.`;
  }
  const wrapped = z.strictObject({ mcpServers: z.unknown() }).safeParse(content);
  const read = serversSchema.safeParse(wrapped.success ? wrapped.data.mcpServers : content);
  return read.success ? read.data : z.prettifyError(read.error);
}
