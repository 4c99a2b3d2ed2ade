import type { ClipboardEvent } from 'react';

/** Chromium took 20 s to put 1 MB of lines into a field, and 0.1 s for 100 kB. */
const longPasteChars = 20_000;

/** Keeps a long text out of the field, and hands it over. */
export function takeLongPaste(event: ClipboardEvent, take: (text: string) => void): void {
  const text = event.clipboardData.getData('text/plain');
  if (text.length <= longPasteChars) return;
  event.preventDefault();
  take(text);
}

interface PastedTextsProps {
  readonly pasted: readonly string[];
  readonly onChange: (pasted: readonly string[]) => void;
}

const lines = (text: string): string => {
  const count = text.split('\n').length;
  return `${count.toLocaleString()} ${count === 1 ? 'line' : 'lines'}`;
};

/** Long pastes, which go behind what is in the field; each can be taken out again. */
export function PastedTexts({ pasted, onChange }: PastedTextsProps) {
  if (pasted.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1.5 px-1.5" aria-label="Pasted">
      {pasted.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same text may be pasted twice
        <li key={index} className="badge inline-flex max-w-full items-center gap-1 pr-0">
          <span className="truncate">
            pasted: {lines(text)}, {text.length.toLocaleString()} characters
          </span>
          <button
            type="button"
            className="quiet-button px-1.5 py-0.5 text-xs"
            aria-label={`Take out the pasted ${lines(text)}`}
            onClick={() => onChange(pasted.filter((_, at) => at !== index))}
          >
            ✕
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Says by how much a message is too long; nothing while it fits. */
export function TooLong({ chars, maxChars }: { chars: number; maxChars: number }) {
  if (chars <= maxChars) return null;
  return (
    <p className="px-3 text-sm text-bad" role="alert">
      {(chars - maxChars).toLocaleString()} characters too long: a message may have{' '}
      {maxChars.toLocaleString()}.
    </p>
  );
}
