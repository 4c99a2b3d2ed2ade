import { useEffect, useId, useRef, useState } from 'react';
import { Icon } from '../elements/icon.tsx';
import type { Option } from './option.ts';
import { OptionPanel } from './option-panel.tsx';

interface OptionPickerProps {
  /** What is picked: `Model`, `Agent`. */
  readonly name: string;
  /** Name of the button, where it is another than what is picked and what is picked now. */
  readonly label?: string;
  readonly selected: string;
  readonly selectedLabel: string;
  readonly options: readonly Option[];
  readonly onOpen: () => void;
  readonly onSelect: (value: string) => void;
}

/** A button that opens a list with a search field; unavailable options say why they are. */
export function OptionPicker(props: OptionPickerProps) {
  const { name, label, selected, selectedLabel, options, onOpen, onSelect } = props;
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();

  useEffect(() => {
    if (!isOpen) return undefined;
    const closeOutside = (event: PointerEvent): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) === false) {
        setOpen(false);
      }
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [isOpen]);

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div className="min-w-0 sm:relative" ref={box}>
      <button
        type="button"
        ref={button}
        className="picker-button"
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-controls={isOpen ? panelId : undefined}
        aria-label={label ?? `${name}: ${selectedLabel}`}
        onClick={() => {
          if (!isOpen) onOpen();
          setOpen(!isOpen);
        }}
      >
        <span className="truncate">{selectedLabel}</span>
        <Icon name="chevron" />
      </button>
      {isOpen && (
        <OptionPanel
          id={panelId}
          name={name}
          selected={selected}
          options={options}
          onClose={close}
          onSelect={(value) => {
            close();
            onSelect(value);
          }}
        />
      )}
    </div>
  );
}
