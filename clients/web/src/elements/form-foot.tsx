import type { ReactNode } from 'react';

interface FormFootProps {
  /** Why it was not taken; what was written stays. */
  readonly problem?: string | null;
  /** What the button that takes it says. */
  readonly save: string;
  /** False while it can't be taken. */
  readonly isReady?: boolean;
  /** True while it is being taken; the button then keeps the focus, which a disabled one would lose. */
  readonly isBusy?: boolean;
  readonly onCancel: () => void;
  /** What may still be said before it is taken. */
  readonly children?: ReactNode;
}

/** The end of every form: what was wrong with it, the button that takes it, and the one that leaves it. */
export function FormFoot(props: FormFootProps) {
  const { problem = null, save, isReady = true, isBusy = false, onCancel, children } = props;
  return (
    <>
      {problem !== null && (
        <p role="alert" className="note note-bad">
          {problem}
        </p>
      )}
      {children}
      <div className="form-foot">
        <button
          type="submit"
          className="main-button"
          disabled={!isReady}
          aria-disabled={isBusy || undefined}
        >
          {save}
        </button>
        <button type="button" className="quiet-button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </>
  );
}
