import {
  type Agent,
  type AgentChanges,
  type AgentDraft,
  MosaicError,
  type ToolGrant,
} from '@mosaic/proto';
import { argumentPatternProblem } from '../policy/argument-pattern.ts';

/** What a draft says nothing of is as harmless as it can be: no tools, no preferred model. */
export function newAgent({ name, ...changes }: AgentDraft): Agent {
  const blank = { description: '', systemPrompt: '', model: null, tools: [] };
  return changedAgent({ ...blank, name, scope: 'user' }, changes);
}

/**
 * The agent with what was written of it; what was not stays. Throws bad_request for a condition of a
 * tool that could never be judged: every call that it is about would be refused.
 */
export function changedAgent(agent: Agent, changes: AgentChanges): Agent {
  const { description, model, systemPrompt, tools, ...others } = changes;
  assertJudgeable(tools ?? []);
  return {
    ...agent,
    ...others,
    description: description ?? agent.description,
    systemPrompt: systemPrompt ?? agent.systemPrompt,
    model: model === undefined ? agent.model : model,
    tools: tools ?? agent.tools,
  };
}

function assertJudgeable(grants: readonly ToolGrant[]): void {
  const details = grants.flatMap(({ when = [] }, grant) =>
    when.flatMap(({ matches }, at) => {
      const message = argumentPatternProblem(matches);
      return message === null ? [] : [{ path: `tools[${grant}].when[${at}].matches`, message }];
    }),
  );
  const [first] = details;
  if (first === undefined) return;
  throw new MosaicError('bad_request', `${first.path}: ${first.message}.`, { details });
}
