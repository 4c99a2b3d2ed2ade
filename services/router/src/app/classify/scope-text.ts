import type { Attachment } from '@mosaic/proto';
import { withoutAgentPrompt } from './scope/agent-prompt.ts';
import { requestFrom, type Segment, segmentsOf } from './scope/find-request.ts';
import { splitBlocks } from './scope/split-blocks.ts';
import { stripCourtesy } from './scope/strip-courtesy.ts';

export interface ScopedText {
  /** What remains without attachments, greetings and thanks; its beginning and its end when long. */
  readonly own: string;
  /** The request itself, as far as it could be told from what it is about. */
  readonly instruction: string;
  /** The pieces of `own`, and how much each asks. */
  readonly segments: readonly Segment[];
  /** What was pasted beside the user's own words. */
  readonly attachments: readonly Attachment[];
  /** True when there are no words but pasted ones. */
  readonly isOnlyPasted: boolean;
}

/** Longer texts are looked at from both ends only: the request stands at one of them. */
const windowChars = 16_000;
const headChars = 1_400;
const tailChars = 700;

/** Splits a message into the user's own request and what was pasted beside it. Linear in the text. */
export function scopeText(text: string): ScopedText {
  const attachments: Attachment[] = [];
  const bounded = bothEnds(text, { head: windowChars / 2, tail: windowChars / 2 }, attachments);
  const plain = withoutQuoteMarks(bounded);
  const own = splitBlocks(withoutAgentPrompt(plain, attachments), attachments).trim();
  const words = stripCourtesy(own);
  const isOnlyPasted = words === '' && plain.trim() !== '';
  const kept = isOnlyPasted
    ? plain.slice(0, tailChars).trim()
    : bothEnds(words, { head: headChars, tail: tailChars }, attachments);
  const segments = segmentsOf(kept);
  const asking = segments.filter(({ weight }) => weight >= requestFrom);
  const instruction = (asking.length > 0 ? asking : segments.slice(0, 2))
    .map((segment) => segment.text)
    .join('\n');
  return { own: kept, instruction, segments, attachments, isOnlyPasted };
}

/** Of long words the beginning and the end; what stands between was given to work on. */
function bothEnds(
  words: string,
  { head, tail }: { readonly head: number; readonly tail: number },
  attachments: Attachment[],
): string {
  if (words.length <= head + tail) return words;
  attachments.push({ kind: 'document', chars: words.length - head - tail });
  return `${words.slice(0, head)}\n\n${words.slice(-tail)}`;
}

const quoteMarks: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ['“', '”'],
  ['„', '“'],
  ['«', '»'],
  ['「', '」'],
  ["'", "'"],
  ['`', '`'],
];

/** A message that is quoted as a whole is what is asked, not something beside it. */
function withoutQuoteMarks(text: string): string {
  const bare = text.trim();
  if (bare.startsWith('>')) {
    const lines = bare.split('\n');
    const isAllQuoted = lines.every((line) => line.trim() === '' || /^\s*>/.test(line));
    return isAllQuoted ? lines.map((line) => line.replace(/^\s*>\s?/, '')).join('\n') : text;
  }
  const marks = quoteMarks.find(([open, close]) => bare.startsWith(open) && bare.endsWith(close));
  if (marks === undefined || bare.length < 3) return text;
  const inner = bare.slice(1, -1);
  return inner.includes(marks[0]) || inner.includes(marks[1]) ? text : inner;
}
