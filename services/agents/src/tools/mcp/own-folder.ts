import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { folderMark, type McpServerConfig } from './mcp-settings.ts';

/** No conversation has this name, so that no file tool and no shell gets there. */
const folderName = '.mcp';

/**
 * What a server is started with for one person, or, without one, to ask what it offers: in a folder of
 * its own, which is made here, so that what it writes where it stands belongs to nobody else.
 */
export async function settleFor(
  config: McpServerConfig,
  at: { readonly root: string; readonly server: string; readonly userId?: string },
): Promise<McpServerConfig> {
  if (config.shared || !('command' in config)) return config;
  const folder = join(at.root, ...(at.userId === undefined ? [] : [at.userId]), folderName);
  const own = join(folder, at.server);
  await mkdir(own, { recursive: true, mode: 0o700 });
  const fill = (text: string) => text.replaceAll(folderMark, own);
  const env = Object.entries(config.env).map(([name, value]) => [name, fill(value)] as const);
  return {
    ...config,
    args: config.args.map(fill),
    env: Object.fromEntries(env),
    cwd: fill(config.cwd ?? folderMark),
  };
}
