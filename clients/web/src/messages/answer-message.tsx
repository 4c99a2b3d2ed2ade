import type { AnswerView } from '@mosaic/proto';
import { memo } from 'react';
import { modelLabel, reasonOf } from '../routing/describe-answer.ts';
import { RoutingLine } from '../routing/routing-line.tsx';
import { AnswerBlock } from './answer-block.tsx';
import { TurnNote } from './turn-note.tsx';
import { TurnProgress } from './turn-progress.tsx';

interface AnswerMessageProps {
  readonly answer: AnswerView;
  readonly isLast: boolean;
  readonly onTryAgain: (messageId: string) => void;
}

/** One answer: its pieces, how it went, and who wrote it why at what cost. */
export const AnswerMessage = memo(function AnswerMessage(props: AnswerMessageProps) {
  const { answer, isLast, onTryAgain } = props;
  const isRunning = answer.status === 'routed' || answer.status === 'streaming';
  const isWaiting = answer.blocks.some(
    (block) => block.type === 'tool' && block.approval?.state === 'waiting',
  );
  const last = answer.blocks.length - 1;
  return (
    <article className="answer" aria-label={`Answer by ${modelLabel(answer)}`}>
      {answer.blocks.map((block, index) => (
        <AnswerBlock
          key={block.type === 'tool' ? block.callId : `${block.type}-${block.step}`}
          block={block}
          isGrowing={isRunning && index === last}
        />
      ))}
      <TurnNote answer={answer} onTryAgain={() => onTryAgain(answer.messageId)} />
      {isRunning ? (
        <TurnProgress
          provider={answer.provider}
          label={isWaiting ? 'Waiting for your answer' : `${modelLabel(answer)} is answering`}
          reason={reasonOf(answer)}
        />
      ) : (
        <RoutingLine answer={answer} isLast={isLast} />
      )}
    </article>
  );
});
