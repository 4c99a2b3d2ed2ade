import { type Agent, nearestName } from '@mosaic/proto';
import { oneLine } from '../text/neutralise-controls.ts';
import type { Command, CommandHost } from './command.ts';

export const agentCommand: Command = {
  name: 'agent',
  argument: '[name]',
  summary: 'change the agent of this conversation',
  async run(argument, host) {
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
  },
};

function chooseAgent(agents: readonly Agent[], host: CommandHost): Promise<string | null> {
  return host.choose({
    title: `Agent (now ${oneLine(host.session.state.conversation.agent)})`,
    choices: agents.map((agent) => ({
      value: agent.name,
      label: agent.name,
      description: oneLine(agent.description),
    })),
  });
}
