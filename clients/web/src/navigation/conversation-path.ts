/** Address of a conversation; `/` is the page for a new one. */
export function pathOfConversation(id: string): string {
  return `/c/${id}`;
}

/** The conversation that a path names, or null. */
export function conversationOfPath(path: string): string | null {
  return /^\/c\/([A-Za-z0-9_-]{1,64})\/?$/.exec(path)?.[1] ?? null;
}

/** Address of one message; of its conversation where the message is not known. */
export function pathOfMessage(id: string, messageId: string | undefined): string {
  return messageId === undefined
    ? pathOfConversation(id)
    : `${pathOfConversation(id)}#message-${messageId}`;
}
