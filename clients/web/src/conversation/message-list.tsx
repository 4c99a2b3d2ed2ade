import type { MessageView } from '@mosaic/proto';
import { useEffect, useRef, useState } from 'react';
import { AnswerMessage } from '../messages/answer-message.tsx';
import { UserMessage } from '../messages/user-message.tsx';

/** Messages painted at first, and added each time the reader comes near the oldest one shown. */
const pageSize = 30;

interface MessageListProps {
  readonly messages: readonly MessageView[];
  readonly onTryAgain: (messageId: string) => void;
}

/** The newest messages; earlier ones are added when the reader scrolls up to them. */
export function MessageList({ messages, onTryAgain }: MessageListProps) {
  const [shownCount, setShownCount] = useState(pageSize);
  const firstShown = Math.max(0, messages.length - shownCount);
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
        <div key={message.id} className={index < shown.length - 4 ? 'message settled' : 'message'}>
          {message.role === 'user' ? (
            <UserMessage text={message.text} at={message.at} />
          ) : (
            <AnswerMessage answer={message} onTryAgain={onTryAgain} />
          )}
        </div>
      ))}
    </>
  );
}
