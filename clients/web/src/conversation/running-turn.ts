import type { AnswerView, ConversationView } from '@mosaic/proto';

/** What a conversation is busy with: nothing, choosing a model, or a run that can be stopped by name. */
export type Activity =
  | { readonly type: 'idle' }
  | { readonly type: 'routing' }
  | { readonly type: 'answering'; readonly answer: AnswerView };

export function activityOf(view: ConversationView): Activity {
  const last = view.messages.at(-1);
  const running = view.messages.findLast(
    (message) =>
      message.role === 'assistant' &&
      (message.status === 'routed' || message.status === 'streaming'),
  );
  if (running?.role === 'assistant') return { type: 'answering', answer: running };
  return last?.role === 'user' ? { type: 'routing' } : { type: 'idle' };
}
