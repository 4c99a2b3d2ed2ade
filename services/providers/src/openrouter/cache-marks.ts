import type OpenAI from 'openai';

/** The parts of a request that can be marked, made anew for it and with every text as a part. */
export interface Markable {
  readonly messages: readonly OpenAI.Chat.ChatCompletionMessageParam[];
  readonly tools?: readonly OpenAI.Chat.ChatCompletionFunctionTool[];
}

/** Fewer characters than most tokens have: a mark too many is ignored, one too few costs money. */
const charactersPerToken = 3;

/**
 * Marks up to four beginnings for the upstreams that cache only what is marked: the tools, the
 * instructions, what the last request ended with, and the end. Changes the parts in place.
 */
export function markCache({ messages, tools }: Markable, fromTokens: number): void {
  const least = fromTokens * charactersPerToken;
  let characters = 0;
  const mark = (part: object | undefined, added: unknown) => {
    if (part === undefined) return;
    // Once it is enough, more need not be counted: a long history is much to write out.
    if (characters < least) characters += JSON.stringify(added).length;
    if (characters < least) return;
    // A field of OpenRouter's own, of the tool or of the part that the beginning ends with.
    Object.assign(part, { cache_control: { type: 'ephemeral' } });
  };
  const first = messages[0]?.role === 'system' ? 1 : 0;
  const lastAnswer = messages.findLastIndex(({ role }) => role === 'assistant');
  const answers = messages.slice(0, lastAnswer + 1);
  const previous = answers.findLastIndex(({ role }) => role !== 'assistant') + 1;
  mark(tools?.at(-1), tools);
  mark(lastPart(messages.slice(0, first)), messages.slice(0, first));
  mark(lastPart(messages.slice(first, previous)), messages.slice(first, previous));
  const start = Math.max(first, previous);
  mark(lastPart(messages.slice(start)), messages.slice(start));
}

/** The last text of a message: OpenRouter's type has the mark on texts only. */
function lastPart(messages: Markable['messages']): object | undefined {
  const content = messages.at(-1)?.content;
  return Array.isArray(content) ? content.findLast((part) => part.type === 'text') : undefined;
}
