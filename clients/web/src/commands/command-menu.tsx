import type { CommandSpec } from '@mosaic/proto';

interface CommandMenuProps {
  readonly id: string;
  readonly commands: readonly CommandSpec[];
  readonly active: number;
  readonly onChoose: (command: CommandSpec) => void;
}

/** The commands that a beginning slash may become; the keys belong to the field below it. */
export function CommandMenu({ id, commands, active, onChoose }: CommandMenuProps) {
  return (
    <div id={id} role="listbox" aria-label="Commands" className="command-menu">
      {commands.map((command, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field below has the keys
        // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field
        <div
          key={command.name}
          id={`${id}-${index}`}
          role="option"
          className="picker-option"
          aria-selected={index === active}
          data-active={index === active}
          onClick={() => onChoose(command)}
        >
          <span className="font-medium">{`/${command.name} ${command.arguments}`.trim()}</span>
          <span className="text-dim">{command.summary}</span>
        </div>
      ))}
    </div>
  );
}
