import { z } from 'zod';

/** What happens with a call: it runs, a person is asked first, or it is refused. */
export const toolPolicySchema = z.enum(['allow', 'ask', 'deny']);
export type ToolPolicy = z.infer<typeof toolPolicySchema>;

/**
 * One line of an agent's tool list. The lines are read from the top and the first that fits a call
 * decides; a call that no line fits is refused. A model sees the tools that a line could let through.
 */
export const toolGrantSchema = z.strictObject({
  /** Name of a tool, or a pattern in which `*` stands for anything: `web_fetch`, `mcp:github:*`. */
  tool: z.string().regex(/^[A-Za-z0-9_.:*/-]{1,160}$/),
  policy: toolPolicySchema,
  /** The line fits only a call with all of these; a call without the argument is never fitted. */
  when: z
    .array(
      z.strictObject({
        argument: z.string().min(1).max(100),
        /** RE2 pattern of the whole value (of its JSON when it is no text); `.` matches line ends. */
        matches: z.string().min(1).max(200),
      }),
    )
    .max(10)
    .optional(),
});
export type ToolGrant = z.infer<typeof toolGrantSchema>;

/** A grant in words, for people: `shell where command matches "git .*": ask`. */
export function describeGrant({ tool, policy, when }: ToolGrant): string {
  return `${describeScope(tool, when)}: ${policy}`;
}

/** Which calls of a tool a grant is about: `shell where command matches "git .*"`. */
export function describeScope(tool: string, when: ToolGrant['when']): string {
  const conditions = (when ?? []).map(
    ({ argument, matches }) => `${argument} matches "${matches}"`,
  );
  return conditions.length === 0 ? tool : `${tool} where ${conditions.join(' and ')}`;
}
