import { type Suggestion, type TaskType, taskTypes, toMosaicError } from '@mosaic/proto';
import { useState } from 'react';
import { OptionPicker } from '../composer/option-picker.tsx';
import { Icon, type IconName } from '../elements/icon.tsx';
import { answerSuggestion, sendFeedback } from '../rest/feedback.ts';

interface RouteFeedbackProps {
  readonly conversationId: string;
  readonly messageId: string;
  /** What the message was taken for. */
  readonly task: TaskType;
}

type Said =
  | { readonly kind: 'up' }
  | { readonly kind: 'down' }
  | { readonly kind: 'task'; readonly task: TaskType };

const inWords = (task: string): string => task.replaceAll('_', ' ');

/** Thumbs, and what the message really was; what could be learned from it is offered, never taken. */
export function RouteFeedback({ conversationId, messageId, task }: RouteFeedbackProps) {
  const [said, setSaid] = useState<Said | null>(null);
  const [offer, setOffer] = useState<Suggestion | null>(null);
  const [note, setNote] = useState('');
  const attempt = (work: () => Promise<string>): void => {
    work().then(setNote, (error: unknown) => setNote(toMosaicError(error).message));
  };
  const say = (next: Said): void =>
    attempt(async () => {
      const { suggestions } = await sendFeedback({ conversationId, messageId, ...next });
      setSaid(next);
      setOffer(suggestions[0] ?? null);
      return 'Thank you.';
    });
  const answer = (id: string, how: 'accept' | 'dismiss'): void =>
    attempt(async () => {
      await answerSuggestion(id, how);
      setOffer(null);
      return how === 'accept' ? 'From now on, for you.' : 'It is not offered again.';
    });
  return (
    <>
      <ThumbButton
        label="Good answer"
        icon="good"
        isSaid={said?.kind === 'up'}
        onPress={() => say({ kind: 'up' })}
      />
      <ThumbButton
        label="Bad answer"
        icon="bad"
        isSaid={said?.kind === 'down'}
        onPress={() => say({ kind: 'down' })}
      />
      <TaskMenu
        task={said?.kind === 'task' ? said.task : task}
        onChoose={(chosen) => say({ kind: 'task', task: chosen })}
      />
      {note !== '' && <span role="status">{note}</span>}
      {offer !== null && (
        <span className="route-offer">
          {offer.sentence}{' '}
          <button type="button" className="quiet-button" onClick={() => answer(offer.id, 'accept')}>
            Yes
          </button>
          <button
            type="button"
            className="quiet-button"
            onClick={() => answer(offer.id, 'dismiss')}
          >
            No
          </button>
        </span>
      )}
    </>
  );
}

interface ThumbButtonProps {
  readonly label: string;
  readonly icon: IconName;
  readonly isSaid: boolean;
  readonly onPress: () => void;
}

function ThumbButton({ icon, isSaid, label, onPress }: ThumbButtonProps) {
  return (
    <button
      type="button"
      className="quiet-button"
      aria-label={label}
      aria-pressed={isSaid}
      title={label}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}

interface TaskMenuProps {
  readonly task: TaskType;
  readonly onChoose: (task: TaskType) => void;
}

const tasks = taskTypes.map((task) => ({
  ...{ value: task, label: inWords(task), detail: '', problem: null },
}));

/** A list that is opened and chosen from: a bare select takes a press of an arrow for an answer. */
function TaskMenu({ onChoose, task }: TaskMenuProps) {
  const choose = (value: string): void => {
    const chosen = taskTypes.find((one) => one === value);
    if (chosen !== undefined && chosen !== task) onChoose(chosen);
  };
  return (
    <span className="inline-flex min-w-0 items-center pl-2">
      wrong task?
      <OptionPicker
        name="Task"
        selected={task}
        selectedLabel={inWords(task)}
        options={tasks}
        onOpen={() => undefined}
        onSelect={choose}
      />
    </span>
  );
}
