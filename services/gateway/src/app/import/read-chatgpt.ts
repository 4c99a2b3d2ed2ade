import { type ImportedMessage, maxMessageChars } from '@mosaic/proto';
import { z } from 'zod';
import { type ImportedConversation, idFrom, maxTitleChars } from './imported-conversation.ts';

const messageSchema = z.object({
  id: z.string().optional(),
  author: z.object({ role: z.string() }),
  create_time: z.number().nullish(),
  content: z.object({ content_type: z.string(), parts: z.array(z.unknown()).optional() }),
  recipient: z.string().nullish(),
  channel: z.string().nullish(),
  metadata: z
    .object({
      model_slug: z.string().nullish(),
      is_visually_hidden_from_conversation: z.boolean().nullish(),
    })
    .nullish(),
});
type Message = z.infer<typeof messageSchema>;

const nodeSchema = z.object({
  // One message of an unknown form is left out, and the others still come.
  message: messageSchema.nullish().catch(null),
  parent: z.string().nullish(),
});
type Nodes = Readonly<Record<string, z.infer<typeof nodeSchema>>>;

/** One element of `conversations.json`, or of one of its numbered parts. */
export const chatGptConversationSchema = z.object({
  id: z.string().optional(),
  conversation_id: z.string().optional(),
  title: z.string().nullish(),
  create_time: z.number().nullish(),
  is_archived: z.boolean().nullish(),
  current_node: z.string().nullish(),
  mapping: z.record(z.string(), nodeSchema),
});
export type ChatGptConversation = z.infer<typeof chatGptConversationSchema>;

/** Kinds of content that people see as words; the others are thoughts, code for tools and their results. */
const shownContent = new Set(['text', 'multimodal_text']);
const shownRoles = new Set(['user', 'assistant']);

/**
 * A conversation of ChatGPT's export. `mapping` is a tree, because a question that is edited begins a
 * branch; what the person saw last is the way from `current_node` to the root.
 */
export function readChatGpt(raw: ChatGptConversation): ImportedConversation {
  const originalId = raw.conversation_id ?? raw.id ?? JSON.stringify([raw.title, raw.create_time]);
  const conversationId = idFrom('chatgpt', originalId);
  const createdMs = (raw.create_time ?? 0) * 1_000;
  const messages: ImportedMessage[] = [];
  for (const [key, message] of shownPath(raw)) {
    const last = messages.at(-1)?.at;
    const atMs = message.create_time == null ? undefined : message.create_time * 1_000;
    const at = atMs === undefined ? (last ?? instant(createdMs)) : instant(atMs);
    messages.push(toMessage(message, { id: idFrom('chatgpt', originalId, key), at }));
  }
  return {
    conversationId,
    title: raw.title?.trim().slice(0, maxTitleChars) || null,
    createdAt: instant(createdMs),
    importedFrom: 'ChatGPT',
    isArchived: raw.is_archived === true,
    messages,
  };
}

function shownPath(raw: ChatGptConversation): readonly (readonly [string, Message])[] {
  const path: (readonly [string, Message])[] = [];
  const seen = new Set<string>();
  let key = raw.current_node ?? newestLeaf(raw.mapping);
  while (key != null && !seen.has(key)) {
    seen.add(key);
    const node = raw.mapping[key];
    const message = node?.message;
    if (message != null && isShown(message)) path.push([message.id ?? key, message]);
    key = node?.parent ?? undefined;
  }
  return path.reverse();
}

/** Some exports name no current node: then it is the newest that nothing follows. */
function newestLeaf(mapping: Nodes): string | undefined {
  const parents = new Set(Object.values(mapping).map((node) => node.parent));
  const leaves = Object.entries(mapping).filter(([key]) => !parents.has(key));
  const timeOf = ([, node]: (typeof leaves)[number]) => node.message?.create_time ?? 0;
  return leaves.sort((left, right) => timeOf(right) - timeOf(left))[0]?.[0];
}

function isShown(message: Message): boolean {
  const { author, channel, content, metadata, recipient } = message;
  return (
    shownRoles.has(author.role) &&
    shownContent.has(content.content_type) &&
    metadata?.is_visually_hidden_from_conversation !== true &&
    // What an assistant writes to a tool, or thinks aloud between its steps, is no answer.
    (recipient ?? 'all') === 'all' &&
    channel !== 'commentary' &&
    channel !== 'analysis' &&
    textOf(message) !== ''
  );
}

function textOf({ content }: Message): string {
  const words = (content.parts ?? []).filter((part) => typeof part === 'string');
  return words.join('\n\n').trim().slice(0, maxMessageChars);
}

function toMessage(
  message: Message,
  { at, id }: { readonly id: string; readonly at: string },
): ImportedMessage {
  const role = message.author.role === 'user' ? 'user' : 'assistant';
  const model = role === 'assistant' ? message.metadata?.model_slug?.slice(0, 200) : undefined;
  return { id, role, text: textOf(message), at, ...(model ? { model } : {}) };
}

/** Times beyond what a date can be become the beginning of time rather than an error. */
function instant(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}
