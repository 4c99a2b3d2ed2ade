import type { AgentChanges } from '@mosaic/proto';
import { efforts, nearestName } from '@mosaic/proto/client';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { CommandHost, RunCommand } from '../command.ts';

/** `/agent new <name> <instructions>`: an agent of one's own, without tools until it is given some. */
export const makeAgent: RunCommand = async (argument, { print, session }) => {
  const [, name = '', systemPrompt = ''] = /^(\S*)\s*([\s\S]*)$/.exec(argument) ?? [];
  if (name === '' || systemPrompt === '') {
    print(['Say its name and what it shall do: /agent new <name> <instructions>']);
    return;
  }
  const description = oneLine(systemPrompt).slice(0, 120);
  const agent = await session.rest.createAgent({ name, systemPrompt, description });
  await session.change({ agent: agent.name });
  print([
    `Agent: ${agent.name}, new and yours, for this conversation. It has no tools yet.`,
    ...usage,
  ]);
};

const usage = [
  '/agent edit <name> <field> <value>',
  'Fields: instructions, description, model, effort, temperature, memory, tools.',
  'For example: /agent edit planner tools web_fetch=ask read_file=allow',
] as const;

/** `/agent edit <name> <field> <value>` */
export const editAgent: RunCommand = async (argument, { print, session }) => {
  const [, name = '', field = '', value = ''] = /^(\S*)\s*(\S*)\s*([\s\S]*)$/.exec(argument) ?? [];
  if (name === '' || field === '') {
    print(['Say what to change:', ...usage]);
    return;
  }
  const read = fields[field];
  if (read === undefined) {
    const near = nearestName(field, Object.keys(fields)) ?? 'instructions';
    print([`An agent has no ${oneLine(field)}. Did you mean ${near}?`]);
    return;
  }
  const { agentChangesSchema } = await import('@mosaic/proto');
  const changes = agentChangesSchema.safeParse(read(value));
  if (!changes.success) {
    print([`${oneLine(value)} is no ${field}: ${oneLine(changes.error.issues[0]?.message ?? '')}`]);
    return;
  }
  const agent = await session.rest.changeAgent(name, changes.data);
  print([`Changed: ${agent.name}, from the next message on. /system shows what holds.`]);
};

/** `/agent remove <name>`, after a question. */
export const removeAgent: RunCommand = async (name, host) => {
  if (name === '') {
    host.print(['Say which one of yours: /agent remove <name>']);
    return;
  }
  if (!(await isSure(name, host))) return;
  await host.session.rest.removeAgent(name);
  host.print([`Removed: ${oneLine(name)}.`]);
};

async function isSure(name: string, { choose }: CommandHost): Promise<boolean> {
  const answer = await choose({
    title: `Remove the agent ${oneLine(name)} for good?`,
    choices: [
      { value: 'no', label: 'no', description: 'keep it' },
      { value: 'yes', label: 'yes', description: 'remove it' },
    ],
  });
  return answer === 'yes';
}

/** How each field is written; what the schema then refuses is told. */
const fields: Readonly<Record<string, (value: string) => unknown>> = {
  instructions: (systemPrompt): AgentChanges => ({ systemPrompt }),
  description: (description): AgentChanges => ({ description }),
  model: (model): AgentChanges => ({ model: model === 'auto' || model === '' ? null : model }),
  effort: (value) => ({
    effort: efforts.find((one) => one === value) ?? (value === 'auto' ? null : value),
  }),
  temperature: (value) => ({ temperature: value === 'auto' ? null : Number(value) }),
  memory: (value) => ({ memory: value === 'on' ? true : value === 'off' ? false : value }),
  /** `read_file=allow shell=ask` */
  tools: (value) => ({
    tools: value
      .split(/[\s,]+/)
      .filter((line) => line !== '')
      .map((line) => {
        const [tool = '', policy = 'allow'] = line.split('=');
        return { tool, policy };
      }),
  }),
};
