import type { ConversationSummary } from '@mosaic/proto';
import { formatAge } from '../text/format-amounts.ts';
import { oneLine } from '../text/neutralise-controls.ts';
import type { Choice, Command } from './command.ts';

export const historyCommand: Command = {
  name: 'history',
  argument: '',
  summary: 'list, search and resume conversations',
  async run(_argument, host) {
    const { rest } = host.session;
    const conversations = await rest.listConversations();
    if (conversations.length === 0) {
      host.print(['There is no conversation yet: write the first message.']);
      return;
    }
    const id = await host.choose({
      title: 'Conversations',
      choices: conversations.map(describeConversation),
      search: async (query) =>
        (await rest.searchConversations(query)).map((hit) => ({
          value: hit.conversationId,
          label: oneLine(hit.title ?? 'untitled'),
          description: oneLine(hit.snippet),
        })),
    });
    if (id !== null) host.session.open(id);
  },
};

function describeConversation(conversation: ConversationSummary): Choice {
  const { messageCount, agent, model } = conversation;
  const details = [
    formatAge(conversation.updatedAt, Date.now()),
    `${messageCount} ${messageCount === 1 ? 'message' : 'messages'}`,
    oneLine(agent),
    ...(model === null ? [] : [oneLine(model)]),
  ];
  return {
    value: conversation.id,
    label: oneLine(conversation.title ?? 'untitled'),
    description: details.join(' · '),
  };
}
