import { type Agent, type ModelCard, nearestName } from '@mosaic/proto';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { CommandHost, RunCommand } from '../command.ts';
import { chatModels, findModel } from './find-model.ts';

/** `/agent [name]` */
export const changeAgent: RunCommand = async (argument, host) => {
  const agents = await host.session.rest.listAgents();
  const name = argument === '' ? await chooseAgent(agents, host) : argument.toLowerCase();
  if (name === null) return;
  const names = agents.map((agent) => agent.name);
  if (!names.includes(name)) {
    const nearest = nearestName(name, names);
    const hint = nearest === undefined ? '/agent lists them all.' : `Did you mean ${nearest}?`;
    host.print([`Unknown agent ${oneLine(name)}. ${hint}`]);
    return;
  }
  await host.session.change({ agent: name });
  host.print([`Agent: ${name}, for this conversation.`]);
};

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

/** An agent whose preferred model can't be used answers with another one; that is said first. */
function describeAgent({ description, model }: Agent, models: readonly ModelCard[]): string {
  const problem = model === null ? null : findModel(model, models).problem;
  const without =
    problem === null ? '' : ` (without ${oneLine(model ?? '')}, which is not available)`;
  return `${oneLine(description)}${without}`;
}
