import type { Agent, AgentChanges, AgentDraft } from '@mosaic/proto';

/** What a draft says nothing of is as harmless as it can be: no tools, no preferred model. */
export function newAgent({ name, ...changes }: AgentDraft): Agent {
  const blank = { description: '', systemPrompt: '', model: null, tools: [] };
  return changedAgent({ ...blank, name, scope: 'user' }, changes);
}

/** The agent with what was written of it; what was not stays. */
export function changedAgent(agent: Agent, changes: AgentChanges): Agent {
  const { description, model, systemPrompt, tools, ...others } = changes;
  return {
    ...agent,
    ...others,
    description: description ?? agent.description,
    systemPrompt: systemPrompt ?? agent.systemPrompt,
    model: model === undefined ? agent.model : model,
    tools: tools ?? agent.tools,
  };
}
