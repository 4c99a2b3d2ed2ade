import { type Agent, describeScope, type ToolCall, type ToolGrant } from '@mosaic/proto';
import { fitsPattern, maxSizeOfAll, type PatternBudget } from './argument-pattern.ts';

/** What the agent's list says about one call. */
export type Judgement =
  | { readonly policy: 'allow' }
  /** `covers` names what a person allows who answers for the whole conversation. */
  | { readonly policy: 'ask'; readonly covers: string }
  /** `why` is for the model. */
  | { readonly policy: 'deny'; readonly why: string };

/** Reads on in results that were cut: whoever may call a tool may read all that it said. */
export const readResultName = 'read_result';

/** The agent's list with what comes along; an agent that may call nothing gets nothing. */
export function grantsOf({ tools }: Pick<Agent, 'tools'>): readonly ToolGrant[] {
  const hasAny = tools.some(({ policy }) => policy !== 'deny');
  return hasAny ? [...tools, { tool: readResultName, policy: 'allow' }] : [];
}

/** Whether some line of the list could let a call of this tool through: then a model sees it. */
export function isOffered(grants: readonly ToolGrant[], name: string): boolean {
  return reachableLines(grants, name).some(({ policy }) => policy !== 'deny');
}

/** The lines that can decide about a tool: behind the first without conditions none is read. */
export function reachableLines(grants: readonly ToolGrant[], name: string): readonly ToolGrant[] {
  const lines = grants.filter(({ tool }) => isNamed(tool, name));
  const firstWithoutCondition = lines.findIndex((line) => !hasConditions(line));
  return firstWithoutCondition === -1 ? lines : lines.slice(0, firstWithoutCondition + 1);
}

/**
 * Judges one call by the first line that fits. Nothing else is looked at: neither what a model says,
 * nor what a page or a file says to the model. A condition that can't be judged refuses the call.
 */
export function judgeCall(grants: readonly ToolGrant[], call: Omit<ToolCall, 'id'>): Judgement {
  const lines = grants.filter(({ tool }) => isNamed(tool, call.name));
  if (lines.length === 0) return { policy: 'deny', why: noSuchTool(call.name) };
  const budget = { size: maxSizeOfAll };
  for (const line of lines) {
    const fits = fitsCall(line, call, budget);
    if (fits === undefined) return { policy: 'deny', why: unclear(call.name) };
    if (!fits) continue;
    if (line.policy === 'allow') return { policy: 'allow' };
    if (line.policy === 'ask') {
      return { policy: 'ask', covers: describeScope(call.name, line.when) };
    }
    break;
  }
  return {
    policy: 'deny',
    why: `This agent may not call ${shown(call.name)} with these arguments.`,
  };
}

/** What a call of a tool that is not there, or not for this agent, is answered with. */
export function noSuchTool(name: string): string {
  return `There is no tool "${shown(name)}".`;
}

/** Whether a name is of a pattern in which `*` stands for anything. */
export function isNamed(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === name;
  const last = rest.pop() ?? '';
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  const end = name.length - last.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return from <= end;
}

export function hasConditions({ when }: ToolGrant): boolean {
  return when !== undefined && when.length > 0;
}

/** Undefined when a condition can't be judged and no other one says that the line does not fit. */
function fitsCall(
  line: ToolGrant,
  call: Omit<ToolCall, 'id'>,
  budget: PatternBudget,
): boolean | undefined {
  let isClear = true;
  for (const { argument, matches } of line.when ?? []) {
    if (!Object.hasOwn(call.arguments, argument)) return false;
    const fits = fitsPattern(matches, call.arguments[argument], budget);
    if (fits === false) return false;
    if (fits === undefined) isClear = false;
  }
  return isClear ? true : undefined;
}

function unclear(name: string): string {
  return `It can't be judged whether this agent may call ${shown(name)} with these arguments.`;
}

function shown(name: string): string {
  return name.slice(0, 100);
}
