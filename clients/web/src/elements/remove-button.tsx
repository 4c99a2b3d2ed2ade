import { useState } from 'react';

interface RemoveButtonProps {
  /** What goes, for those who only hear the button: “Remove my-rule”. */
  readonly label: string;
  readonly onRemove: () => void;
}

/** A button that asks once more. */
export function RemoveButton({ label, onRemove }: RemoveButtonProps) {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <button
        type="button"
        className="quiet-button"
        aria-label={label}
        onClick={() => setAsking(true)}
      >
        remove
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
        remove for good
      </button>
    </>
  );
}
