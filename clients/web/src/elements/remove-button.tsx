import { useState } from 'react';
import { useFocusBack } from './use-focus-back.ts';

interface RemoveButtonProps {
  /** What goes, for those who only hear the button: “Remove my-rule”. */
  readonly label: string;
  /** What it is called here. */
  readonly verb?: string;
  readonly onRemove: () => void;
}

/** A button that asks once more. */
export function RemoveButton({ label, onRemove, verb = 'remove' }: RemoveButtonProps) {
  const [isAsking, setAsking] = useState(false);
  const button = useFocusBack(isAsking);
  if (!isAsking) {
    return (
      <button
        type="button"
        ref={button}
        className="quiet-button"
        aria-label={label}
        onClick={() => setAsking(true)}
      >
        {verb}
      </button>
    );
  }
  return (
    <>
      <button type="button" className="quiet-button" onClick={() => setAsking(false)}>
        keep
      </button>
      <button
        type="button"
        className="quiet-button text-bad"
        // biome-ignore lint/a11y/noAutofocus: the button that was pressed is gone
        autoFocus
        onClick={onRemove}
      >
        {verb} for good
      </button>
    </>
  );
}
