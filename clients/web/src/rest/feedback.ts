import { giveFeedback, type ReplyOf, type RequestOf } from '@mosaic/proto';
import { anyReply, request } from './request.ts';

/** Says what one thinks of the route of a message; what is offered because of it comes back. */
export function sendFeedback(
  body: RequestOf<typeof giveFeedback>,
): Promise<ReplyOf<typeof giveFeedback>> {
  return request('/api/routing/feedback', { method: 'POST', body, reply: giveFeedback.reply });
}

/** Another answer was wanted: the router may learn from it, and nobody waits for that. */
export function noteOtherModel(
  about: Pick<RequestOf<typeof giveFeedback>, 'conversationId' | 'messageId' | 'model'>,
): void {
  sendFeedback({ ...about, kind: 'model' }).catch(() => undefined);
}

/** `accept` makes a suggestion one's own rule or exemplar, `dismiss` does not offer it again. */
export async function answerSuggestion(id: string, answer: 'accept' | 'dismiss'): Promise<void> {
  const path = `/api/routing/suggestions/${encodeURIComponent(id)}/${answer}`;
  await request(path, { method: 'POST', body: {}, reply: anyReply });
}
