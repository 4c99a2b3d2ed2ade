import { type AnswerView, type ConversationView, unansweredMessage } from '@mosaic/proto';

/** What a conversation is busy with: nothing, choosing a model, or a run that can be stopped by name. */
export type Activity =
  | { readonly type: 'idle' }
  | { readonly type: 'routing' }
  | { readonly type: 'answering'; readonly answer: AnswerView };

export function activityOf(view: ConversationView): Activity {
  const running = view.messages.findLast(
    (message) =>
      message.role === 'assistant' &&
      (message.status === 'routed' || message.status === 'streaming'),
  );
  if (running?.role === 'assistant') return { type: 'answering', answer: running };
  return unansweredMessage(view) === undefined ? { type: 'idle' } : { type: 'routing' };
}
