import type { ListedTool, ToolListing } from './list-tools.ts';
import { describeGrant, describeScope } from './tool-grants.ts';

/** Where a tool comes from: `built in`, or `MCP server github`. */
export function describeToolSource({ server }: Pick<ListedTool, 'server'>): string {
  return server === null ? 'built in' : `MCP server ${server}`;
}

/** What becomes of most calls: `ask`, or `ask, except` when there are exceptions to tell. */
export function describeToolPolicy({ exceptions, policy }: ListedTool): string {
  const standing = policy === 'not-granted' ? 'not granted' : policy;
  return exceptions.length === 0 ? standing : `${standing}, except`;
}

/** Each exception in a line: `allow where command matches "git .*"`. */
export function describeToolExceptions({ exceptions }: ListedTool): string[] {
  return exceptions.map(({ policy, when }) => describeScope(policy, when));
}

/** Each MCP server that is there, in a line: `MCP server notes: one connection per person; yours is open`. */
export function describeToolServers({ servers }: Pick<ToolListing, 'servers'>): string[] {
  const describe = ({ isOwnOpen, isShared }: ToolListing['servers'][number]) => {
    if (isShared) return 'one connection for everybody';
    return `one connection per person; yours ${isOwnOpen ? 'is open' : 'opens when it is called'}`;
  };
  const there = servers.filter(({ isAvailable }) => isAvailable);
  return there.map((server) => `MCP server ${server.name}: ${describe(server)}`);
}

/** What does not work now, one line for all that has the same cause; what works has no line. */
export function describeToolTroubles({ servers, tools, unmatched }: ToolListing): string[] {
  const names = new Map<string, string[]>();
  const note = (name: string, { advice, unavailableReason }: Reasoned) => {
    if (unavailableReason === null) return;
    const why = [unavailableReason, advice ?? ''].join(' ').trim();
    names.set(why, [...(names.get(why) ?? []), name]);
  };
  for (const server of servers) note(`MCP server ${server.name}`, server);
  for (const tool of tools) note(tool.name, tool);
  return [
    ...[...names].map(([why, those]) => `${those.join(', ')}: ${why}`),
    ...unmatched.map((grant) => `"${describeGrant(grant)}" fits no tool that is known now.`),
  ];
}

type Reasoned = Pick<ListedTool, 'advice' | 'unavailableReason'>;
