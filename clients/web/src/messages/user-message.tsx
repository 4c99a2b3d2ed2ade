import { memo, useState } from 'react';
import { formatFullMoment } from '../format/format-time.ts';

interface UserMessageProps {
  readonly text: string;
  readonly at: string | null;
}

/** Longer messages are folded: a pasted log is not what one scrolls through to find the answer. */
const foldedChars = 4_000;
const foldedLines = 30;

function beginningOf(text: string): string {
  const begin = text.slice(0, foldedChars).split('\n').slice(0, foldedLines).join('\n');
  return begin.length < text.length ? begin.toWellFormed() : text;
}

/** What the person wrote, as they wrote it. */
export const UserMessage = memo(function UserMessage({ text, at }: UserMessageProps) {
  const [isWhole, setWhole] = useState(false);
  const beginning = beginningOf(text);
  const isLong = beginning !== text;
  return (
    <article
      className="user-message"
      dir="auto"
      aria-label="Your message"
      title={at === null ? undefined : formatFullMoment(at)}
    >
      {isWhole ? text : beginning}
      {isLong && (
        <button
          type="button"
          className="fold-button"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          {isWhole ? 'show less' : `show all ${text.length.toLocaleString()} characters`}
        </button>
      )}
    </article>
  );
});
