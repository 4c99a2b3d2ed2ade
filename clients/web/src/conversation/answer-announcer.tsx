import { answerText, type ConversationView, plainPassage } from '@mosaic/proto';
import { useEffect, useRef, useState } from 'react';
import { modelLabel } from '../routing/describe-answer.ts';

/** Reads a finished answer to screen readers once, instead of every piece while it is written. */
export function AnswerAnnouncer({ view }: { view: ConversationView }) {
  const last = view.messages.at(-1);
  const isRunning =
    last?.role === 'assistant' && (last.status === 'routed' || last.status === 'streaming');
  const wasRunning = useRef(false);
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    if (wasRunning.current && !isRunning && last?.role === 'assistant') {
      setSpoken(`${modelLabel(last)}, ${last.status}: ${plainPassage(answerText(last))}`);
    }
    wasRunning.current = isRunning;
  }, [isRunning, last]);
  return (
    <p className="sr-only" aria-live="polite">
      {spoken}
    </p>
  );
}
