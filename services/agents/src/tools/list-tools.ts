import type { ListedTool, ToolGrant, ToolListing } from '@mosaic/proto';
import { isNamed } from '../app/policy/judge-call.ts';
import { policyOfTool } from '../app/policy/policy-of-tool.ts';
import type { McpServerState } from './mcp/mcp-servers.ts';
import type { Asking, FindObstacle, Obstacle, Tool } from './tool.ts';

/** Everything there is or could be here. */
export interface KnownTools {
  /** With those that can't be used now. */
  tools(): readonly Tool[];
  servers(asking: Asking): readonly McpServerState[];
}

/** What there is and what a list lets an agent do with it, for the person who asks. */
export async function listTools(
  known: KnownTools,
  grants: readonly ToolGrant[],
  asking: Asking,
): Promise<Omit<ToolListing, 'agent'>> {
  const tools = known.tools();
  const find = findOnce(asking);
  const listed = await Promise.all(
    tools.map(async (tool) => describe(tool, grants, await find(tool))),
  );
  const isUnmatched = (grant: ToolGrant) => !tools.some(({ name }) => isNamed(grant.tool, name));
  return {
    tools: listed,
    servers: known.servers(asking).map(({ obstacle, ...server }) => ({
      ...server,
      ...availability(obstacle),
    })),
    unmatched: grants.filter(isUnmatched),
  };
}

/** What several tools have in common is looked at once. */
function findOnce(asking: Asking): (tool: Tool) => Promise<Obstacle | null> {
  const found = new Map<FindObstacle, Promise<Obstacle | null>>();
  return async ({ findObstacle }) => {
    if (findObstacle === undefined) return null;
    const finding = found.get(findObstacle) ?? findObstacle(asking);
    found.set(findObstacle, finding);
    return await finding;
  };
}

function describe(
  { description, name, server }: Tool,
  grants: readonly ToolGrant[],
  obstacle: Obstacle | null,
): ListedTool {
  return {
    name: plain(name),
    summary: firstSentence(description),
    server: server ?? null,
    ...policyOfTool(grants, name),
    ...availability(obstacle),
  };
}

const availability = (obstacle: Obstacle | null) => ({
  isAvailable: obstacle === null,
  unavailableReason: obstacle === null ? null : obstacle.reason.slice(0, 400),
  advice: obstacle?.advice ?? null,
});

const maxSummaryChars = 200;
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

function firstSentence(text: string): string {
  const [first] = sentences.segment(plain(text).slice(0, 2_000));
  const sentence = first?.segment.trim() ?? '';
  return sentence.length <= maxSummaryChars
    ? sentence
    : `${sentence.slice(0, maxSummaryChars - 1).toWellFormed()}…`;
}

/** What an MCP server calls its tools is printed in terminals: nothing in it may steer one. */
function plain(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ').trim();
}
