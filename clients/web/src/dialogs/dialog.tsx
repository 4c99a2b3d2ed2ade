import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from '../elements/icon-button.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * Something over the page that has the focus until it is closed, by its button or Escape. What it is
 * for has `data-first`; without one it begins with the text, which the arrow keys then scroll.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    box.current?.showModal();
    const first = box.current?.querySelector<HTMLElement>('[data-first]') ?? body.current;
    first?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      className="dialog"
      aria-labelledby={titleId}
      onClose={onClose}
      // Escape is the dialog's own here, and must not stop an answer behind it.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header>
        <h2 id={titleId}>{title}</h2>
        <IconButton icon="close" label="Close" onPress={() => box.current?.close()} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is long must scroll by keyboard too */}
      <div className="dialog-body" ref={body} tabIndex={0}>
        {children}
      </div>
    </dialog>
  );
}
