import type { Ref } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: () => void;
  readonly className?: string;
  readonly isExpanded?: boolean;
  readonly isPressed?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button that shows only a drawing; its label is its name and its tooltip. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, onPress, className, isExpanded, isPressed, ref } = props;
  return (
    <button
      type="button"
      ref={ref}
      className={`icon-button ${className ?? ''}`}
      aria-label={label}
      aria-expanded={isExpanded}
      aria-pressed={isPressed}
      title={label}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}
