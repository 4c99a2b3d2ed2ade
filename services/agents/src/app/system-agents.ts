import { type Agent, MosaicError, nearestName, type ToolGrant } from '@mosaic/proto';

const shared = [
  'You are part of Mosaic. Answer in the language of the person who asks.',
  'Say what you do not know. Never invent sources, figures or the contents of files.',
].join(' ');

const allow = (...tools: readonly string[]): ToolGrant[] =>
  tools.map((tool) => ({ tool, policy: 'allow' }));
const ask = (...tools: readonly string[]): ToolGrant[] =>
  tools.map((tool) => ({ tool, policy: 'ask' }));

const files = ['list_files', 'read_file', 'write_file', 'edit_file', 'grep_files'];
const recall = ['current_time', 'search_conversations', 'memory_search'];

/** The agents that every installation has. An agent is exactly what stands here. */
export const systemAgents: readonly Agent[] = [
  {
    name: 'assistant',
    description: 'Everyday questions, writing and planning.',
    systemPrompt: `${shared} You are a helpful, direct assistant. Keep answers as short as the question allows.`,
    model: null,
    tools: [...allow(...recall), ...ask('memory_save', 'web_fetch')],
    capabilities: { domains: [], toolSets: ['recall', 'web'] },
    scope: 'system',
  },
  {
    name: 'coding-agent',
    description: 'Writes, reads and explains code; has a workspace folder per conversation.',
    systemPrompt: `${shared} You are a senior software engineer. Read before you change, prefer small changes, name the file for every piece of code, and say how to check the result. You have a workspace folder of this conversation; use the file tools for it.`,
    model: null,
    tools: [...allow(...files, ...recall), ...ask('memory_save', 'web_fetch', 'shell')],
    capabilities: {
      domains: ['frontend', 'backend', 'devops', 'data'],
      toolSets: ['files', 'recall', 'web', 'shell'],
    },
    scope: 'system',
  },
  {
    name: 'researcher',
    description: 'Compares, weighs evidence and names what is uncertain.',
    systemPrompt: `${shared} You are a careful researcher. Separate what is established from what is disputed, give the strongest counter-argument, and list what would change your mind.`,
    model: null,
    tools: [...allow(...recall), ...ask('memory_save', 'web_fetch')],
    capabilities: { domains: [], toolSets: ['recall', 'web'] },
    scope: 'system',
  },
  {
    name: 'summarizer',
    description: 'Shortens texts without losing what matters.',
    systemPrompt: `${shared} You summarise. Keep names, numbers, dates and decisions; drop repetition; never add anything that is not in the text.`,
    model: null,
    tools: [],
    scope: 'system',
  },
];

/**
 * Finds an agent by name among those of a person; their own hides one of the system of the same name.
 * Throws `unknown_agent` with the nearest name.
 */
export function findAgent(name: string, agents: readonly Agent[]): Agent {
  const named = agents.filter((one) => one.name === name);
  const agent = named.find(({ scope }) => scope === 'user') ?? named[0];
  if (agent !== undefined) return agent;
  const names = agents.map((one) => one.name);
  const nearest = nearestName(name, names);
  throw new MosaicError(
    'unknown_agent',
    `There is no agent "${name.slice(0, 64)}". ${nearest ? `Did you mean "${nearest}"? ` : ''}Agents: ${names.join(', ')}.`,
    { details: { names } },
  );
}
