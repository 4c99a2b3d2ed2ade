import { isNamed } from '../../app/policy/judge-call.ts';
import type { Obstacle, Tool } from '../tool.ts';
import type { McpServerConfig } from './mcp-settings.ts';

/** What one server offers, as long as it is there, and what is left to tell of it when it is away. */
export interface Offers {
  /** What the operator allows; none while the server is away. */
  tools(): readonly Tool[];
  /** All that it offers, or offered when it was there last, with what can't be used. */
  known(): readonly Tool[];
  /** Null while it is there. */
  obstacle(): Obstacle | null;
  /** The server is there, and offers this. */
  take<Offered extends { readonly name: string }>(
    offered: readonly Offered[],
    toTool: (offered: Offered) => Tool,
  ): void;
  /** The server is away. */
  drop(): void;
}

/** A server may offer thousands; nobody reads on in what they can't have. */
const maxOthers = 100;

export function keepOffers(server: {
  readonly name: string;
  readonly config: McpServerConfig;
}): Offers {
  let allowed: readonly Tool[] = [];
  let others: readonly Tool[] = [];
  let isThere = false;
  const obstacle = () => (isThere ? null : awayObstacle(server));
  const disallowed: Obstacle = {
    reason: 'The operator does not allow it.',
    advice: `It has to stand in the list "tools" of "${server.name}" in the file that MOSAIC_MCP_SERVERS names.`,
  };
  return {
    obstacle,
    tools: () => (isThere ? allowed : []),
    known: () => [
      ...allowed.map((tool) => ({ ...tool, findObstacle: async () => obstacle() })),
      ...others.map((tool) => ({ ...tool, findObstacle: async () => disallowed })),
    ],
    take(offered, toTool) {
      const isAllowed = ({ name }: { readonly name: string }) =>
        server.config.tools.some((one) => isNamed(one, name));
      allowed = offered.filter(isAllowed).map(toTool);
      const left = offered.filter((one) => !isAllowed(one));
      others = left.slice(0, maxOthers).map(toTool);
      isThere = true;
    },
    drop() {
      isThere = false;
    },
  };
}

/** What broke may name paths and addresses: that is for the log, and not for everybody who chats. */
function awayObstacle(server: {
  readonly name: string;
  readonly config: McpServerConfig;
}): Obstacle {
  const state = 'command' in server.config ? 'is not running' : 'does not answer';
  return {
    reason: `The MCP server "${server.name}" ${state}.`,
    advice:
      'It is tried again by itself; the operator finds the cause in the log of agents ("MCP server is away").',
  };
}
