import type { ServerFrame } from '@mosaic/proto';
import type { RememberedConversation } from '../settings/remembered-conversation.ts';
import type { ChatState } from '../state/chat-state.ts';
import type { StartWith } from './first-conversation.ts';

export interface ChatSessionOptions {
  readonly url: string;
  readonly readToken: () => string | undefined;
  readonly client: string;
  readonly startWith: StartWith;
  readonly remembered: RememberedConversation;
  /** Called after every change, possibly many times per millisecond. */
  onChange(state: ChatState): void;
  /** Called before the frame changes the state. */
  onFrame?(frame: ServerFrame): void;
}
