import { efforts, nearestName, taskTypes } from '@mosaic/proto';
import { createAgent, fetchAgents } from '../../rest/catalogue.ts';
import { updateConversation } from '../../rest/conversations.ts';
import { sendFeedback } from '../../rest/feedback.ts';
import { type CommandContext, inConversation, type PageCommand } from '../command-context.ts';
import { type Found, findModel } from './find-model.ts';

/** `/model [name|auto]` */
export const model: PageCommand = async (argument, { choose }) => {
  if (argument === '') return 'Say which: /model <name>, or /model auto.';
  if (argument === 'auto') {
    choose({ model: null });
    return 'Model: auto. The rules choose for every message.';
  }
  const { name, problem } = await findModel(argument);
  if (name === null) return problem;
  choose({ model: name });
  return `Model: ${name}, pinned for this conversation. /model auto lets the rules choose again.`;
};

/** `/agent [name|new|edit|list|remove]` */
export const agent: PageCommand = async (argument, context) => {
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/.exec(argument) ?? [];
  if (word === 'new') return makeAgent(rest, context);
  if (word === 'edit' && rest !== '') return editAgent(rest, context);
  if (['', 'edit', 'list', 'remove'].includes(word)) {
    context.open('agents');
    return null;
  }
  const { name, problem } = await findAgent(argument);
  if (name === null) return problem;
  context.choose({ agent: name });
  return `Agent: ${name}, for this conversation.`;
};

/** The name of an agent, or the sentence that says why there is none. */
async function findAgent(typed: string): Promise<Found> {
  const names = (await fetchAgents()).map(({ name }) => name);
  const wanted = typed.toLowerCase();
  if (names.includes(wanted)) return { name: wanted, problem: null };
  const near = nearestName(wanted, names);
  const hint = near === undefined ? '/agent list has them all.' : `Did you mean ${near}?`;
  return { name: null, problem: `Unknown agent ${typed}. ${hint}` };
}

async function editAgent(typed: string, { open }: CommandContext): Promise<string | null> {
  const agents = await fetchAgents();
  const found = agents.find(({ name }) => name === typed.toLowerCase());
  if (found === undefined) return (await findAgent(typed)).problem;
  if (found.scope === 'system') {
    return `${found.name} comes with Mosaic and stays as it is. Copy it: /agent list.`;
  }
  open('agents', found.name);
  return null;
}

async function makeAgent(
  argument: string,
  { choose, open }: CommandContext,
): Promise<string | null> {
  const [, name = '', systemPrompt = ''] = /^(\S*)\s*(.*)$/.exec(argument) ?? [];
  if (name === '' || systemPrompt === '') {
    open('new-agent');
    return null;
  }
  const made = await createAgent({ name, systemPrompt, description: systemPrompt.slice(0, 120) });
  choose({ agent: made });
  return `Agent: ${made}, new and yours, for this conversation. It has no tools yet: /agent edit ${made}.`;
}

/** `/system` */
export const system: PageCommand = async (_argument, { open }) => {
  open('instructions');
  return null;
};

/** `/tools [agent]` */
export const tools: PageCommand = async (argument, { open }) => {
  if (argument === '') {
    open('tools');
    return null;
  }
  const { name, problem } = await findAgent(argument);
  if (name === null) return problem;
  open('tools', name);
  return null;
};

/** `/thinking [effort|auto]`; what was thought is folded above each answer. */
export const thinking = inConversation(async (argument, id) => {
  const effort = efforts.find((one) => one === argument);
  if (argument === 'show' || argument === 'hide') {
    return '/thinking show and hide are for the terminal; here thoughts are folded above each answer.';
  }
  if (effort === undefined && argument !== 'auto') {
    return `Say how much: /thinking ${efforts.join(', ')} or auto.`;
  }
  await updateConversation(id, { effort: effort ?? null });
  return effort === undefined
    ? 'Effort: as you chose for everything, else as the agent says.'
    : `Effort: ${effort}, for this conversation.`;
});

/** `/route [task|good|bad]`; what could be learned from it is offered under the answer and by rules. */
export const route = inConversation(async (argument, conversationId, { view }) => {
  const answer = view?.messages.findLast((message) => message.role === 'assistant');
  if (answer?.role !== 'assistant') return 'There is no answer yet.';
  const about = { conversationId, messageId: answer.messageId };
  if (argument === 'good' || argument === 'bad') {
    await sendFeedback({ ...about, kind: argument === 'good' ? 'up' : 'down' });
    return `Kept: the answer was ${argument}.`;
  }
  const name = argument.toLowerCase().replace(/[\s-]+/g, '_');
  const task = taskTypes.find((one) => one === name);
  if (task === undefined) return `Say what it was: /route ${taskTypes.join(', ')}, good or bad.`;
  const { suggestions } = await sendFeedback({ ...about, kind: 'task', task });
  const offer = suggestions[0]?.sentence;
  const more = offer === undefined ? '' : ` Offered under Rules: ${offer}`;
  return `Kept: that was ${task.replaceAll('_', ' ')}.${more}`;
});
