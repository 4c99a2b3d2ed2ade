import type { ListedTool, ToolGrant } from '@mosaic/proto';
import { hasConditions, reachableLines } from './judge-call.ts';

/** What an agent's list says of a tool whatever it is called with, for people who want to know. */
export function policyOfTool(
  grants: readonly ToolGrant[],
  name: string,
): Pick<ListedTool, 'policy' | 'exceptions'> {
  const lines = reachableLines(grants, name);
  if (lines.length === 0) return { policy: 'not-granted', exceptions: [] };
  const standing = lines.find((line) => !hasConditions(line));
  const exceptions = lines
    .filter(hasConditions)
    .map(({ policy, when = [] }) => ({ policy, when: [...when] }));
  return { policy: standing?.policy ?? 'deny', exceptions };
}
