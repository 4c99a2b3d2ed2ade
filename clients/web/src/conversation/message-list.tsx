import type { MessageView } from '@mosaic/proto';
import { useEffect, useRef } from 'react';
import { AnswerMessage } from '../messages/answer-message.tsx';
import { UserMessage } from '../messages/user-message.tsx';
import type { MessageRange } from './use-message-range.ts';

interface MessageListProps {
  readonly messages: readonly MessageView[];
  readonly range: MessageRange;
  readonly onTryAgain: (messageId: string) => void;
  /** The message that the address names; undefined when it names none. */
  readonly soughtId: string | undefined;
}

/** Some of the messages; those around them are added when the reader scrolls up or down to them. */
export function MessageList({ messages, range, onTryAgain, soughtId }: MessageListProps) {
  const { from, showEarlier, showLater } = range;
  const to = range.to ?? messages.length;
  const soughtAt = messages.findIndex(({ id }) => id === soughtId);
  const sought = useRef<HTMLDivElement>(null);
  const isFound = soughtAt !== -1;
  useEffect(() => {
    if (!isFound || soughtId === undefined) return;
    sought.current?.scrollIntoView({ block: 'center' });
    sought.current?.focus({ preventScroll: true });
  }, [isFound, soughtId]);
  return (
    <>
      {from > 0 && (
        <MoreButton key={`from ${from}`} label={`${from} earlier messages`} onNear={showEarlier} />
      )}
      {messages.slice(from, to).map((message, index) => (
        <div
          key={message.id}
          ref={from + index === soughtAt ? sought : undefined}
          tabIndex={from + index === soughtAt ? -1 : undefined}
          className={classesOf(from + index === soughtAt, from + index < messages.length - 4)}
        >
          {message.role === 'user' ? (
            <UserMessage text={message.text} at={message.at} />
          ) : (
            <AnswerMessage
              answer={message}
              isLast={from + index === messages.length - 1}
              onTryAgain={onTryAgain}
            />
          )}
        </div>
      ))}
      {to < messages.length && (
        <MoreButton
          key={`to ${to}`}
          label={`${messages.length - to} later messages`}
          onNear={showLater}
        />
      )}
    </>
  );
}

interface MoreButtonProps {
  readonly label: string;
  /** Called when it comes near the screen, and when it is pressed. */
  readonly onNear: () => void;
}

/** Stands for messages that are not painted. It has to be a new one after each time it was near. */
function MoreButton({ label, onNear }: MoreButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const latest = useRef(onNear);
  latest.current = onNear;
  useEffect(() => {
    if (button.current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) latest.current();
      },
      { rootMargin: '400px 0px' },
    );
    observer.observe(button.current);
    return () => observer.disconnect();
  }, []);
  return (
    <button type="button" ref={button} className="quiet-button mx-auto" onClick={onNear}>
      {label}
    </button>
  );
}

/** A message that is gone to is laid out at once: its place must be known. */
function classesOf(isSought: boolean, isOld: boolean): string {
  if (isSought) return 'message found';
  return isOld ? 'message settled' : 'message';
}
