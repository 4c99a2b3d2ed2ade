import type { LiveDelta } from '@mosaic/proto';
import { type AnswerView, unansweredMessage } from '@mosaic/proto/client';
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
  const isDue = pending.length > 0 || unansweredMessage(conversation) !== undefined;
  return { phase: isDue ? 'routing' : 'idle' };
}

/** Whether text between what is shown and this delta was lost, so that it can't be applied. */
export function isBeyond({ conversation }: ChatState, delta: LiveDelta): boolean {
  const answer = conversation.messages.findLast((message) => message.id === delta.run);
  if (answer?.role !== 'assistant' || isFinished(answer)) return false;
  const shown = answer.blocks.find(
    (block) => block.type === delta.kind && block.step === delta.step,
  );
  const length = shown !== undefined && 'text' in shown ? shown.text.length : 0;
  return delta.offset > length;
}

/** The newest answer that has ended, for `/why`. */
export function lastAnswer({ conversation }: ChatState): AnswerView | undefined {
  return conversation.messages.findLast((message) => message.role === 'assistant');
}
