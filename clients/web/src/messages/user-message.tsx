import { memo } from 'react';
import { formatFullMoment } from '../format/format-time.ts';

interface UserMessageProps {
  readonly text: string;
  readonly at: string | null;
}

/** What the person wrote, as they wrote it. */
export const UserMessage = memo(function UserMessage({ text, at }: UserMessageProps) {
  return (
    <article
      className="user-message"
      dir="auto"
      aria-label="Your message"
      title={at === null ? undefined : formatFullMoment(at)}
    >
      {text}
    </article>
  );
});
