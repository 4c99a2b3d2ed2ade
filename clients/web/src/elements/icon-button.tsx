import { Icon, type IconName } from './icon.tsx';

interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: () => void;
  readonly className?: string;
  readonly isExpanded?: boolean;
}

/** A button that shows only a drawing; its label is its name and its tooltip. */
export function IconButton({ icon, label, onPress, className, isExpanded }: IconButtonProps) {
  return (
    <button
      type="button"
      className={`icon-button ${className ?? ''}`}
      aria-label={label}
      aria-expanded={isExpanded}
      title={label}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}
