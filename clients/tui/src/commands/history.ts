import type { ConversationSummary } from '@mosaic/proto';
import type { SearchHit } from '../connection/rest-client.ts';
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
        bestHitOfEach(await rest.searchConversations(query)).map((hit) => ({
          value: hit.conversationId,
          label: oneLine(hit.title ?? 'untitled'),
          description: oneLine(hit.snippet),
        })),
    });
    if (id !== null) host.session.open(id);
  },
};

/** Hits come best first; a conversation is listed once. */
function bestHitOfEach(hits: readonly SearchHit[]): SearchHit[] {
  return [...new Map(hits.toReversed().map((hit) => [hit.conversationId, hit])).values()].reverse();
}

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
