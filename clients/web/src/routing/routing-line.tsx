import { type AnswerView, answerText } from '@mosaic/proto';
import { CopyButton } from '../elements/copy-button.tsx';
import { Icon } from '../elements/icon.tsx';
import { AskAgain } from './ask-again.tsx';
import { useShownConversation } from './conversation-context.ts';
import { DecisionRecord } from './decision-record.tsx';
import { amountsOf, choiceLabel, modelLabel, reasonOf } from './describe-answer.ts';
import { RouteFeedback } from './route-feedback.tsx';
import { Tessera } from './tessera.tsx';

interface RoutingLineProps {
  readonly answer: AnswerView;
  /** Only the last question can be asked again where it stands. */
  readonly isLast: boolean;
}

/** Under each answer: which model, why, how long, how much, and what one can do with it. */
export function RoutingLine({ answer, isLast }: RoutingLineProps) {
  const choice = choiceLabel(answer.decision);
  const conversation = useShownConversation();
  const agent = answer.decision?.agent;
  return (
    <div className="routing-line" data-testid="routing-line">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="inline-flex items-center gap-2 font-medium text-ink">
          <Tessera provider={answer.provider} />
          {modelLabel(answer)}
        </span>
        {answer.isSimulated && <span className="badge badge-simulated">simulated</span>}
        {choice !== null && <span className="badge">{choice}</span>}
        {agent !== undefined && <span className="badge">as {agent.name}</span>}
        <span className="routing-amounts">
          {amountsOf(answer).map((amount) => (
            <span key={amount}>{amount}</span>
          ))}
        </span>
      </p>
      {answer.reason !== '' && <p>{reasonOf(answer)}</p>}
      {answer.decision !== null && (
        <details className="why">
          <summary>
            <Icon name="chevron" /> why
          </summary>
          <DecisionRecord decision={answer.decision} rule={answer.rule} />
        </details>
      )}
      <div className="answer-actions">
        {answerText(answer) !== '' && (
          <CopyButton label="Copy this answer" textOf={() => answerText(answer)} />
        )}
        {isLast && conversation !== null && (
          <AskAgain onChoose={(model) => conversation.askAgain(answer.messageId, model)} />
        )}
        {answer.decision !== null && conversation !== null && (
          <RouteFeedback
            conversationId={conversation.id}
            messageId={answer.messageId}
            task={answer.decision.profile.task}
          />
        )}
      </div>
    </div>
  );
}
