import { describeGrant } from '@mosaic/proto/client';
import { neutraliseControls, oneLine } from '../../text/neutralise-controls.ts';
import type { RunCommand } from '../command.ts';

/** `/system` */
export const showInstructions: RunCommand = async (_argument, { session, print }) => {
  const { agent: name } = session.state.conversation;
  const agent = (await session.rest.listAgents()).find((one) => one.name === name);
  if (agent === undefined) {
    print([`The agent ${oneLine(name)} is gone; /agent chooses another.`]);
    return;
  }
  const tools = agent.tools.map((grant) => `  ${oneLine(describeGrant(grant))}`);
  print([
    `agent         ${agent.name}: ${oneLine(agent.description)}`,
    `model         ${agent.model === null ? 'as the rules say' : oneLine(agent.model)}`,
    `tools         ${tools.length === 0 ? 'none' : ''}`.trimEnd(),
    ...tools,
    'instructions',
    ...neutraliseControls(agent.systemPrompt)
      .split('\n')
      .map((line) => `  ${line}`),
  ]);
};
