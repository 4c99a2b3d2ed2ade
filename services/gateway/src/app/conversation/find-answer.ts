import {
  type ConversationEvent,
  type ConversationView,
  foldEvent,
  type RestMessage,
  terminalEventTypes,
} from '@mosaic/proto';
import { toRestMessage } from './rest-message.ts';

/** Reads events in order until the turn that answers one message has ended. */
export interface AnswerFinder {
  /** The finished answer once its last event was given; undefined until then. */
  take(event: ConversationEvent): RestMessage | undefined;
}

/** `from`: the view behind which reading begins; its `seq` names the last event that is known. */
export function findAnswer(messageId: string, from: ConversationView): AnswerFinder {
  let view = from;
  /** The message whose turn answers: another one when ours joined a turn that ran. */
  let answered = messageId;
  const messageOf = new Map<string, string>();
  return {
    take(event) {
      view = foldEvent(view, event);
      if ('run' in event && 'messageId' in event) messageOf.set(event.run, event.messageId);
      if (event.type === 'message.added' && event.messageId === messageId) {
        answered = messageOf.get(event.joins ?? '') ?? messageId;
      }
      const isEnd = terminalEventTypes.some((type) => type === event.type);
      if (!isEnd || !('messageId' in event) || event.messageId !== answered) return undefined;
      const answer = view.messages.findLast(
        (message) => message.role === 'assistant' && message.messageId === answered,
      );
      return answer === undefined ? undefined : toRestMessage(answer);
    },
  };
}
