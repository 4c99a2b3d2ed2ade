import type { ConversationSummary } from '@mosaic/proto';
import type { SearchHit } from '../../connection/rest-client.ts';
import { formatAge } from '../../text/format-amounts.ts';
import { oneLine } from '../../text/neutralise-controls.ts';
import type { Choice, RunCommand } from '../command.ts';

/** `/history [words]` */
export const history: RunCommand = async (words, host) => {
  const { rest } = host.session;
  const search = async (query: string): Promise<Choice[]> =>
    bestHitOfEach(await rest.searchConversations(query)).map((hit) => ({
      value: hit.conversationId,
      label: oneLine(hit.title ?? 'untitled'),
      description: oneLine(hit.snippet),
    }));
  const choices =
    words === '' ? (await rest.listConversations()).map(describeConversation) : await search(words);
  if (choices.length === 0) {
    const nothing = `Nothing was said about "${oneLine(words)}".`;
    host.print([words === '' ? 'There is no conversation yet: write the first message.' : nothing]);
    return;
  }
  const id = await host.choose({ title: 'Conversations', choices, search });
  if (id !== null) host.session.open(id);
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
