import type { Agent, AgentDraft, Domain, Effort, ToolGrant, ToolPolicy } from '@mosaic/proto';

/** An agent while somebody writes it: every field as its control holds it. */
export interface AgentFormState {
  readonly name: string;
  readonly description: string;
  readonly systemPrompt: string;
  /** A model, `tier/<name>`, or empty: as the rules say. */
  readonly model: string;
  /** Empty: as the person and the platform say. */
  readonly effort: Effort | '';
  readonly temperature: string;
  readonly memory: boolean;
  readonly domains: readonly Domain[];
  /** Not shown, and kept as they are. */
  readonly toolSets: readonly string[];
  readonly tools: readonly ToolGrant[];
}

/** What a form begins with: an agent as it is, or one that says nothing yet. */
export function formOf(agent?: Agent): AgentFormState {
  return {
    name: agent?.name ?? '',
    description: agent?.description ?? '',
    systemPrompt: agent?.systemPrompt ?? '',
    model: agent?.model ?? '',
    effort: agent?.effort ?? '',
    temperature: String(agent?.temperature ?? ''),
    memory: agent?.memory ?? true,
    domains: agent?.capabilities?.domains ?? [],
    toolSets: agent?.capabilities?.toolSets ?? [],
    tools: agent?.tools ?? [],
  };
}

/** What is saved of a form. */
export function draftOf(form: AgentFormState): AgentDraft {
  const { name, description, systemPrompt, model, effort, temperature, memory } = form;
  return {
    name,
    description: description.trim(),
    systemPrompt: systemPrompt.trim(),
    model: model === '' ? null : model,
    effort: effort === '' ? null : effort,
    temperature: temperature.trim() === '' ? null : Number(temperature),
    memory,
    capabilities: { domains: [...form.domains], toolSets: [...form.toolSets] },
    tools: [...form.tools],
  };
}

/** The line that decides about every call of one tool which nothing above it fits. */
const isPlainLineOf = (tool: string) => (grant: ToolGrant) =>
  grant.tool === tool && grant.when === undefined;

/** Null: no line of its own. */
export function policyOf(grants: readonly ToolGrant[], tool: string): ToolPolicy | null {
  return grants.find(isPlainLineOf(tool))?.policy ?? null;
}

/** The list with another policy for one tool: in its place, or as the last line; null takes it out. */
export function withPolicy(
  grants: readonly ToolGrant[],
  tool: string,
  policy: ToolPolicy | null,
): readonly ToolGrant[] {
  const isIts = isPlainLineOf(tool);
  if (policy === null) return grants.filter((grant) => !isIts(grant));
  if (!grants.some(isIts)) return [...grants, { tool, policy }];
  return grants.map((grant) => (isIts(grant) ? { ...grant, policy } : grant));
}

/** Lines with a pattern or a condition, and those of tools that are not known now. */
export function specialLines(
  grants: readonly ToolGrant[],
  known: readonly string[],
): readonly ToolGrant[] {
  return grants.filter(({ tool, when }) => when !== undefined || !known.includes(tool));
}
