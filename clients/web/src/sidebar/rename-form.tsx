import { type KeyboardEvent, useState } from 'react';

interface RenameFormProps {
  readonly title: string;
  readonly onDone: (title: string) => void;
  readonly onCancel: () => void;
}

/** Edits a title in its place: Enter keeps it, Escape leaves it as it was. */
export function RenameForm({ title, onDone, onCancel }: RenameFormProps) {
  const [text, setText] = useState(title);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onCancel();
  };
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(text.trim());
      }}
    >
      <input
        className="field py-1.5"
        aria-label="Title"
        maxLength={200}
        // biome-ignore lint/a11y/noAutofocus: opened by the person's own press
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={onCancel}
        onFocus={(event) => event.target.select()}
      />
    </form>
  );
}
