import { Icon, type IconName } from './icon.tsx';

interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: () => void;
  readonly className?: string;
  readonly isExpanded?: boolean;
  readonly isPressed?: boolean;
}

/** A button that shows only a drawing; its label is its name and its tooltip. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, onPress, className, isExpanded, isPressed } = props;
  return (
    <button
      type="button"
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
