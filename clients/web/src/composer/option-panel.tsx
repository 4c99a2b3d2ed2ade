import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { filterOptions, type Option, stepTo } from './option.ts';
import { OptionLine } from './option-line.tsx';

interface OptionPanelProps {
  readonly id: string;
  readonly name: string;
  readonly selected: string;
  readonly options: readonly Option[];
  readonly onSelect: (value: string) => void;
  readonly onClose: () => void;
}

/** Keys that do nothing else; Tab closes the panel and still moves on. */
const ownKeys: readonly string[] = ['ArrowDown', 'ArrowUp', 'Enter', 'Escape'];

/** The open part of a picker: a combobox whose focus stays in the search field. */
export function OptionPanel(props: OptionPanelProps) {
  const { id, name, selected, options, onSelect, onClose } = props;
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(selected);
  const list = useRef<HTMLDivElement>(null);
  const shown = filterOptions(options, query);
  const found = shown.findIndex(({ value }) => value === active);
  const index = found === -1 ? stepTo(shown, -1, 1) : found;
  const idOf = (at: number): string => `${id}-${at}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another option became active
  useEffect(() => {
    list.current?.querySelector('[data-active="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [index]);

  const choose = (option: Option | undefined): void => {
    if (option?.problem === null) onSelect(option.value);
  };
  const move = (to: number): void => setActive(shown[to]?.value ?? active);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const { key } = event;
    if (key === 'ArrowDown') move(stepTo(shown, index, 1));
    if (key === 'ArrowUp') move(stepTo(shown, index, -1));
    if (key === 'Enter') choose(shown[index]);
    if (key === 'Escape' || key === 'Tab') onClose();
    if (ownKeys.includes(key)) event.preventDefault();
  };
  return (
    <div className="picker-panel">
      <input
        className="picker-search"
        role="combobox"
        aria-label={`Search ${name.toLowerCase()}s`}
        aria-expanded={shown.length > 0}
        aria-controls={shown.length > 0 ? id : undefined}
        aria-activedescendant={shown[index] === undefined ? undefined : idOf(index)}
        placeholder={`Search ${name.toLowerCase()}s`}
        // biome-ignore lint/a11y/noAutofocus: the panel opens by the person's own press
        autoFocus
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {/* A list box without options is none: it is hidden, and a sentence stands in its place. */}
      <div
        {...{ id, ref: list, role: 'listbox', 'aria-label': name, className: 'picker-list' }}
        hidden={shown.length === 0}
      >
        {shown.map((option, at) => (
          <OptionLine
            key={option.value}
            id={idOf(at)}
            option={option}
            isActive={at === index}
            isSelected={option.value === selected}
            onPoint={() => setActive(option.value)}
            onChoose={() => choose(option)}
          />
        ))}
      </div>
      <p role="status" className={shown.length === 0 ? 'px-4 py-3 text-sm text-dim' : 'sr-only'}>
        {shown.length === 0 ? 'Nothing of that name' : ''}
      </p>
    </div>
  );
}
