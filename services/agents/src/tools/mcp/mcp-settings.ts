import { readFileSync } from 'node:fs';
import type { Setting } from '@mosaic/service-kit';
import { z } from 'zod';

/** Stands in a server's settings for the folder of the person whom it is started for. */
export const folderMark = '{person}';

const common = {
  /** Names or patterns with `*` of the tools that agents may be given; the others do not exist. */
  tools: z.array(z.string().min(1).max(128)).min(1),
  timeoutS: z.number().positive().max(600).default(60),
  /** True for a server that keeps nothing between calls: one connection then serves everybody. */
  shared: z.boolean().default(false),
};

const stdioServer = z.strictObject({
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  /** All that it gets beside PATH, HOME and the like: it never sees the environment of Mosaic. */
  env: z.record(z.string(), z.string()).default({}),
  /** A shared server without one stands in the folder for temporary files, another in the person's. */
  cwd: z.string().optional(),
  ...common,
});

const httpServer = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string(), z.string()).default({}),
  ...common,
});

/** Without `_` and `:`, which part the names of servers and tools. */
const serverName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);

const anyServer = z
  .union([stdioServer, httpServer])
  .refine((server) => !server.shared || !JSON.stringify(server).includes(folderMark), {
    error: `a shared server is nobody's: "${folderMark}" has no meaning in its settings`,
  });

const serversSchema = z.record(serverName, anyServer);
export type McpServerConfig = z.infer<typeof anyServer>;
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
