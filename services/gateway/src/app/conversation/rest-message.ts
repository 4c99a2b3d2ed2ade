import {
  answerText,
  type ConversationEvent,
  type ConversationView,
  emptyView,
  foldEvent,
  type MessageView,
  type RestMessage,
} from '@mosaic/proto';

/** What a person sees of a conversation, from its whole log. */
export function foldLog(id: string, events: readonly ConversationEvent[]): ConversationView {
  return events.reduce(foldEvent, emptyView(id));
}

/** A message in the form of the REST interface. */
export function toRestMessage(message: MessageView): RestMessage {
  if (message.role === 'user') {
    const { id, text } = message;
    return { ...nothingKnown, warnings: [], id, role: 'user', content: text, status: 'completed' };
  }
  const { provider, model, rule, reason } = message;
  return {
    id: message.id,
    role: 'assistant',
    content: answerText(message),
    provider: provider === '' ? null : provider,
    model: model === '' ? null : model,
    rule: rule === '' ? null : rule,
    reason: reason === '' ? null : reason,
    usage: message.usage,
    costUsd: message.cost?.usd ?? null,
    status: message.status,
    isSimulated: message.isSimulated,
    failure: message.failure,
    warnings: [...message.warnings],
  };
}

const nothingKnown = {
  provider: null,
  model: null,
  rule: null,
  reason: null,
  usage: null,
  costUsd: null,
  isSimulated: false,
  failure: null,
} as const;

export interface MessagePage {
  readonly messages: readonly RestMessage[];
  /** `before` for the page of older ones; null when there are none. */
  readonly nextBefore: string | null;
}

/** The last `limit` messages before the one named, oldest first. */
export function pageOfMessages(
  view: ConversationView,
  page: { readonly before?: string | undefined; readonly limit: number },
): MessagePage {
  const { messages } = view;
  const named = messages.findIndex((message) => message.id === page.before);
  const end = named === -1 ? messages.length : named;
  const begin = Math.max(0, end - page.limit);
  return {
    messages: messages.slice(begin, end).map(toRestMessage),
    nextBefore: begin === 0 ? null : (messages[begin]?.id ?? null),
  };
}
