import type { MessageView } from '@mosaic/proto';
import { useEffect, useRef, useState } from 'react';
import { AnswerMessage } from '../messages/answer-message.tsx';
import { UserMessage } from '../messages/user-message.tsx';

/** Messages painted at first, and added each time the reader comes near the oldest one shown. */
const pageSize = 30;

interface MessageListProps {
  readonly messages: readonly MessageView[];
  readonly onTryAgain: (messageId: string) => void;
  /** The message that the address names; undefined when it names none. */
  readonly soughtId: string | undefined;
}

/** The newest messages; earlier ones are added when the reader scrolls up to them. */
export function MessageList({ messages, onTryAgain, soughtId }: MessageListProps) {
  const [shownCount, setShownCount] = useState(pageSize);
  const soughtAt = messages.findIndex(({ id }) => id === soughtId);
  const atLeast = soughtAt === -1 ? 0 : messages.length - soughtAt;
  const firstShown = Math.max(0, messages.length - Math.max(shownCount, atLeast));
  const sought = useRef<HTMLDivElement>(null);
  const isFound = soughtAt !== -1;
  useEffect(() => {
    if (!isFound || soughtId === undefined) return;
    sought.current?.scrollIntoView({ block: 'center' });
    sought.current?.focus({ preventScroll: true });
  }, [isFound, soughtId]);
  const more = useRef<HTMLButtonElement>(null);
  const showMore = (): void => setShownCount((count) => count + pageSize);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the button is new after each page
  useEffect(() => {
    if (more.current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          setShownCount((count) => count + pageSize);
        }
      },
      { rootMargin: '400px 0px 0px 0px' },
    );
    observer.observe(more.current);
    return () => observer.disconnect();
  }, [firstShown]);

  return (
    <>
      {firstShown > 0 && (
        <button type="button" ref={more} className="quiet-button mx-auto" onClick={showMore}>
          {firstShown} earlier messages
        </button>
      )}
      {messages.slice(firstShown).map((message, index, shown) => (
        <div
          key={message.id}
          ref={firstShown + index === soughtAt ? sought : undefined}
          tabIndex={firstShown + index === soughtAt ? -1 : undefined}
          className={classesOf(firstShown + index === soughtAt, index < shown.length - 4)}
        >
          {message.role === 'user' ? (
            <UserMessage text={message.text} at={message.at} />
          ) : (
            <AnswerMessage
              answer={message}
              isLast={index === shown.length - 1}
              onTryAgain={onTryAgain}
            />
          )}
        </div>
      ))}
    </>
  );
}

/** A message that is gone to is laid out at once: its place must be known. */
function classesOf(isSought: boolean, isOld: boolean): string {
  if (isSought) return 'message found';
  return isOld ? 'message settled' : 'message';
}
