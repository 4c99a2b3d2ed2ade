import type { Option } from './option.ts';

interface OptionLineProps {
  readonly id: string;
  readonly option: Option;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly onPoint: () => void;
  readonly onChoose: () => void;
}

/** One option of an open picker; the keys belong to the search field above it. */
export function OptionLine(props: OptionLineProps) {
  const { id, option, isActive, isSelected, onPoint, onChoose } = props;
  const isFree = option.problem === null;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the search field has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the search field
    <div
      id={id}
      role="option"
      className="picker-option"
      data-active={isActive}
      aria-selected={isSelected}
      aria-disabled={!isFree}
      onClick={onChoose}
      onPointerMove={isFree && !isActive ? onPoint : undefined}
    >
      <span className="font-medium">{option.label}</span>
      <span className="text-dim">{option.problem ?? option.detail}</span>
    </div>
  );
}
