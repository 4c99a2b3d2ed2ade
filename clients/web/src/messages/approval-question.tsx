import { type ApprovalAnswer, type ToolBlock, toMosaicError } from '@mosaic/proto';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { formatClock } from '../format/format-time.ts';
import { conversationOfPath } from '../navigation/conversation-path.ts';
import { usePath } from '../navigation/use-path.ts';
import { answerApproval } from '../rest/conversations.ts';
import { visibleText } from './describe-call.ts';

type WaitingBlock = ToolBlock & { readonly approval: NonNullable<ToolBlock['approval']> };

/** When the question is gone, the focus that was in it stays in the conversation. */
function useFocusLeft(): RefObject<HTMLFieldSetElement | null> {
  const box = useRef<HTMLFieldSetElement>(null);
  useLayoutEffect(() => {
    const asked = box.current;
    const conversation = asked?.closest<HTMLElement>('[role="log"]');
    return () => {
      if (asked?.contains(document.activeElement)) conversation?.focus({ preventScroll: true });
    };
  }, []);
  return box;
}

/** Asks a person whether a call may be made, with everything that it would be made with. */
export function ApprovalQuestion({ block }: { readonly block: WaitingBlock }) {
  const { callId, name, approval } = block;
  const conversationId = conversationOfPath(usePath());
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const box = useFocusLeft();
  const say = (answer: ApprovalAnswer): void => {
    if (conversationId === null || isSending) return;
    setSending(true);
    setProblem(null);
    // What was answered comes back as an event, here and in every other client.
    answerApproval(conversationId, { callId, answer }).catch((error: unknown) => {
      setSending(false);
      setProblem(toMosaicError(error).message);
    });
  };
  const button = (answer: ApprovalAnswer, label: string, look: string) => (
    // Not disabled meanwhile: that would take the focus away.
    <button type="button" className={look} aria-disabled={isSending} onClick={() => say(answer)}>
      {label}
    </button>
  );
  return (
    <fieldset className="approval" ref={box}>
      <legend className="sr-only">{name} waits for your answer</legend>
      <p role="alert">
        May <code>{name}</code> be called with this? Without an answer by{' '}
        {formatClock(approval.expiresAt)} it is not.
      </p>
      <dl>
        {Object.entries(block.arguments).map(([argument, value]) => (
          <div key={argument}>
            <dt>{visibleText(argument)}</dt>
            <dd>
              <pre>{visibleText(value)}</pre>
            </dd>
          </div>
        ))}
      </dl>
      {problem !== null && <p className="note note-bad">{problem}</p>}
      <div className="flex flex-wrap items-center gap-2">
        {button('once', 'Allow once', 'main-button')}
        {button('conversation', 'Allow in this conversation', 'outline-button')}
        {button('deny', 'Deny', 'outline-button')}
      </div>
      {approval.covers !== name && (
        <p className="text-dim">“In this conversation” is about {approval.covers}.</p>
      )}
    </fieldset>
  );
}
