import { marked } from 'marked';

/** Markdown cut where a block can no longer change, so that each closed block renders only once. */
export interface SplitText {
  readonly closed: readonly string[];
  /** The last block: more text may still change its meaning. */
  readonly open: string;
}

export const emptySplit: SplitText = { closed: [], open: '' };

/**
 * Cuts a growing text. With the split of an earlier state of the same text only the part behind its
 * closed blocks is read again, so a long answer costs no more per piece than a short one.
 */
export function splitBlocks(text: string, earlier: SplitText = emptySplit): SplitText {
  const known = earlier.closed.join('');
  const isGrown = known !== '' && text.startsWith(known);
  const tail = isGrown ? text.slice(known.length) : text;
  const closed = isGrown ? [...earlier.closed] : [];
  const raws = rawBlocks(tail);
  const open = raws.pop() ?? '';
  return { closed: [...closed, ...raws], open };
}

/** The source of each block, blank lines kept with the block before them. */
function rawBlocks(text: string): string[] {
  const blocks: string[] = [];
  let read = 0;
  for (const token of marked.lexer(text)) {
    const last = blocks.at(-1);
    if (token.type === 'space' && last !== undefined) blocks[blocks.length - 1] = last + token.raw;
    else blocks.push(token.raw);
    read += token.raw.length;
  }
  // The lexer writes tabs and line ends anew; where its sources no longer add up, nothing is cut.
  return read === text.length && blocks.join('') === text ? blocks : [text];
}
