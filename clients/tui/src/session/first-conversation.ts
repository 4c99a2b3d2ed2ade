import type { RestClient } from '../connection/rest-client.ts';
import type { RememberedConversation } from '../settings/remembered-conversation.ts';

/** Which conversation a client opens first. */
export type StartWith =
  | { readonly kind: 'last' }
  | { readonly kind: 'new' }
  /** `ifGone`: whether a new conversation takes the place of one that is not there. */
  | { readonly kind: 'named'; readonly id: string; readonly ifGone: 'begin-anew' | 'fail' };

/** The id of the conversation to open, or undefined for a new one. Throws a `MosaicError`. */
export async function chooseFirstConversation(
  startWith: StartWith,
  sources: { readonly remembered: RememberedConversation; readonly rest: RestClient },
): Promise<string | undefined> {
  if (startWith.kind === 'new') return undefined;
  if (startWith.kind === 'named') return startWith.id;
  // Without asking whether it is in the list: the list may lag behind a conversation just begun.
  const remembered = sources.remembered.read();
  if (remembered !== undefined) return remembered;
  const conversations = await sources.rest.listConversations();
  return conversations.toSorted((left, right) => right.updatedAt.localeCompare(left.updatedAt))[0]
    ?.id;
}
