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
  return {
    take(event) {
      view = foldEvent(view, event);
      const isEnd = terminalEventTypes.some((type) => type === event.type);
      if (!isEnd || !('messageId' in event) || event.messageId !== messageId) return undefined;
      const answer = view.messages.findLast(
        (message) => message.role === 'assistant' && message.messageId === messageId,
      );
      return answer === undefined ? undefined : toRestMessage(answer);
    },
  };
}
