import type { MessageView } from '@mosaic/proto';
import { useCallback, useMemo } from 'react';
import { Icon } from '../elements/icon.tsx';
import { OutgoingMessage } from '../messages/outgoing-message.tsx';
import { TurnProgress } from '../messages/turn-progress.tsx';
import { useHash } from '../navigation/use-path.ts';
import { ConversationProvider } from '../routing/conversation-context.ts';
import { useTransport } from '../transport/client-context.ts';
import type { OpenConversation } from '../transport/transport-state.ts';
import { AnswerAnnouncer } from './answer-announcer.tsx';
import { MessageList } from './message-list.tsx';
import type { Activity } from './running-turn.ts';
import { useAskAgain } from './use-ask-again.ts';
import { useMessageRange } from './use-message-range.ts';
import { useStickyBottom } from './use-sticky-bottom.ts';

const noMessages: readonly MessageView[] = [];

interface ConversationScrollerProps {
  readonly open: OpenConversation | undefined;
  readonly activity: Activity;
  readonly onSend: (text: string, model?: string) => void;
}

/** The messages of a conversation in a list that stays at its end while the reader is there. */
export function ConversationScroller({ open, activity, onSend }: ConversationScrollerProps) {
  const soughtId = /^message-(.+)$/.exec(useHash())?.[1];
  const messages = open?.view.messages ?? noMessages;
  const range = useMessageRange({
    count: messages.length,
    soughtAt: messages.findIndex(({ id }) => id === soughtId),
    key: `${open?.isCaughtUp === true} ${soughtId}`,
  });
  const hasEnd = range.to === null;
  const { scroller, content, isAtEnd, goToEnd } = useStickyBottom(soughtId === undefined, hasEnd);
  const toEnd = (): void => {
    range.showEnd();
    goToEnd();
  };
  const outbox = useTransport((state) => state.outbox);
  const outgoing = useMemo(
    () => outbox.filter((entry) => entry.conversationId === open?.view.id),
    [outbox, open?.view.id],
  );
  const conversationId = open?.view.id;
  const askAgain = useAskAgain({ open, onSend, onAsked: toEnd });
  const tryAgain = useCallback((id: string) => askAgain(id, null), [askAgain]);
  const shown = useMemo(
    () => (conversationId === undefined ? null : { id: conversationId, askAgain }),
    [conversationId, askAgain],
  );
  const isWaiting =
    activity.type === 'routing' ||
    (activity.type === 'idle' && outgoing.some(({ state }) => state === 'sent'));
  return (
    <div className="relative min-h-0 flex-1">
      <div
        className="scroller"
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the conversation scrolls by keyboard too
        tabIndex={0}
        role="log"
        aria-label="Conversation"
        aria-live="off"
      >
        <div className="column" ref={content}>
          {open?.problem != null && <p className="note note-bad">{open.problem}</p>}
          {open?.isCaughtUp === true && (
            <ConversationProvider value={shown}>
              <MessageList
                messages={messages}
                range={range}
                onTryAgain={tryAgain}
                soughtId={soughtId}
              />
            </ConversationProvider>
          )}
          {open?.isCaughtUp === false && open.problem === null && (
            <p className="text-dim" role="status">
              loading …
            </p>
          )}
          {outgoing.map((entry) => (
            <OutgoingMessage
              key={entry.messageId}
              entry={entry}
              isBusy={activity.type === 'answering'}
            />
          ))}
          {isWaiting && <TurnProgress provider={null} label="choosing a model …" />}
        </div>
      </div>
      {!(isAtEnd && hasEnd) && (
        <button type="button" className="to-end" onClick={toEnd}>
          <Icon name="down" /> {activity.type === 'idle' ? 'to the end' : 'new messages'}
        </button>
      )}
      {open !== undefined && <AnswerAnnouncer view={open.view} />}
    </div>
  );
}
