import type { Agent, ModelCard } from '@mosaic/proto';
import { nearestName } from '@mosaic/proto/client';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { CommandHost, RunCommand } from '../command.ts';
import { chatModels, findModel } from '../model/find-model.ts';
import { editAgent, makeAgent, removeAgent } from './own-agents.ts';

/** What `/agent <word>` does when the word is none of an agent. */
const actions: Readonly<Record<string, RunCommand>> = {
  new: makeAgent,
  edit: editAgent,
  remove: removeAgent,
  list: async (_argument, host) => {
    const agents = await host.session.rest.listAgents();
    const width = Math.max(...agents.map(({ name }) => name.length));
    host.print(agents.map((agent) => `${agent.name.padEnd(width)}  ${describeInList(agent)}`));
  },
};

/** `/agent [name|new|edit|list|remove]` */
export const changeAgent: RunCommand = async (argument, host) => {
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(argument) ?? [];
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (action !== undefined) return action(rest, host);
  const agents = await host.session.rest.listAgents();
  const name = argument === '' ? await chooseAgent(agents, host) : argument.toLowerCase();
  if (name === null) return;
  if (!agents.some((agent) => agent.name === name)) {
    host.print([unknownAgent(name, agents)]);
    return;
  }
  await host.session.change({ agent: name });
  host.print([`Agent: ${name}, for this conversation.`]);
};

/** Names the nearest one. */
function unknownAgent(name: string, agents: readonly Agent[]): string {
  const nearest = nearestName(
    name,
    agents.map((agent) => agent.name),
  );
  const hint = nearest === undefined ? '/agent lists them all.' : `Did you mean ${nearest}?`;
  return `Unknown agent ${oneLine(name)}. ${hint}`;
}

async function chooseAgent(agents: readonly Agent[], host: CommandHost): Promise<string | null> {
  const models = await chatModels(host);
  return host.choose({
    title: `Agent (now ${oneLine(host.session.state.conversation.agent)})`,
    choices: agents.map((agent) => ({
      value: agent.name,
      label: agent.name,
      description: describeAgent(agent, models),
    })),
  });
}

/** An agent whose preferred model can't be used answers with another one; that is said too. */
function describeAgent({ description, model }: Agent, models: readonly ModelCard[]): string {
  const isOneModel = model !== null && !model.includes('tier/');
  const isMissing = isOneModel && findModel(model, models).problem !== null;
  const without = isMissing ? ` (without ${oneLine(model)}, which is not available)` : '';
  return `${oneLine(description)}${without}`;
}

function describeInList({ description, model, scope }: Agent): string {
  const whose = scope === 'user' ? 'yours' : 'system';
  return [whose, model === null ? 'any model' : oneLine(model), oneLine(description)].join(' · ');
}
