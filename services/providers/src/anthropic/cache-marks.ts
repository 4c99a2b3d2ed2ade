import type Anthropic from '@anthropic-ai/sdk';

/** The parts of a request that can be marked, made anew for it. */
export interface Markable {
  readonly tools?: readonly Anthropic.Tool[];
  readonly system?: readonly Anthropic.TextBlockParam[];
  readonly messages: readonly {
    readonly role: 'user' | 'assistant';
    readonly content: readonly Anthropic.ContentBlockParam[];
  }[];
}

/**
 * Fewer characters than there are in a token of most texts: a mark below the smallest size is ignored
 * without an error, but a beginning that is not marked is paid in full every time.
 */
const charactersPerToken = 3;

/**
 * Marks up to four beginnings, as many as the API takes: the tools, the instructions, what the last
 * request ended with, and the end. The third is where that request wrote its own last mark, so it is
 * found however many blocks came since; from a mark alone the API looks back 20 blocks only.
 * Changes the blocks in place.
 */
export function markCache({ tools, system, messages }: Markable, fromTokens: number): void {
  const least = fromTokens * charactersPerToken;
  let characters = 0;
  const mark = (block: object | undefined, added: unknown) => {
    if (block === undefined) return;
    // Once it is enough, more need not be counted: a long history is much to write out.
    if (characters < least) characters += JSON.stringify(added).length;
    if (characters < least) return;
    Object.assign(block, { cache_control: { type: 'ephemeral' } });
  };
  const ends = messages.flatMap(({ role }, index) => (role === 'user' ? [index + 1] : []));
  const previous = ends.at(-2) ?? 0;
  const last = ends.at(-1) ?? 0;
  mark(tools?.at(-1), tools);
  mark(system?.at(-1), system);
  mark(messages[previous - 1]?.content.at(-1), messages.slice(0, previous));
  mark(messages[last - 1]?.content.at(-1), messages.slice(previous, last));
}
