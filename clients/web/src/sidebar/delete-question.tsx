import { useEscape } from '../elements/use-escape.ts';

interface DeleteQuestionProps {
  readonly title: string;
  readonly onKeep: () => void;
  readonly onDelete: () => void;
}

/** Asked in the place of the conversation that is to go. */
export function DeleteQuestion({ title, onKeep, onDelete }: DeleteQuestionProps) {
  useEscape(onKeep, true);
  return (
    <div className="row-question" role="alertdialog" aria-label={`Delete ${title}?`}>
      <span className="truncate">Delete “{title}”?</span>
      <span className="flex gap-2">
        {/* biome-ignore lint/a11y/noAutofocus: the question was just asked for */}
        <button type="button" className="quiet-button" autoFocus onClick={onKeep}>
          keep
        </button>
        <button type="button" className="quiet-button text-bad" onClick={onDelete}>
          delete
        </button>
      </span>
    </div>
  );
}
