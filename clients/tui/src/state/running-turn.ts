import type { AnswerView } from '@mosaic/proto';
import type { ChatState } from './chat-state.ts';

export type RunningTurn =
  | { readonly phase: 'idle' }
  /** A message is on its way or in the log, and no model has been chosen for it yet. */
  | { readonly phase: 'routing' }
  | { readonly phase: 'answering'; readonly answer: AnswerView };

export function isFinished(answer: AnswerView): boolean {
  return answer.status !== 'routed' && answer.status !== 'streaming';
}

/** What the conversation is doing now. */
export function runningTurn({ conversation, pending }: ChatState): RunningTurn {
  const answer = conversation.messages.findLast((message) => message.role === 'assistant');
  if (answer !== undefined && !isFinished(answer)) return { phase: 'answering', answer };
  const last = conversation.messages.at(-1);
  const isUnanswered = last?.role === 'user' && answer?.messageId !== last.id;
  return pending.length > 0 || isUnanswered ? { phase: 'routing' } : { phase: 'idle' };
}

/** The newest answer that has ended, for `/why`. */
export function lastAnswer({ conversation }: ChatState): AnswerView | undefined {
  return conversation.messages.findLast((message) => message.role === 'assistant');
}
