import { type CommandSpec, commandGroups } from '@mosaic/proto';
import { Fragment } from 'react';
import { Dialog } from './dialog.tsx';

const keys = [
  ['Enter', 'send'],
  ['Shift+Enter', 'new line'],
  ['Escape', 'stop the answer that is being written'],
  ['Ctrl+K, ⌘K', 'list the commands'],
] as const;

interface HelpDialogProps {
  readonly commands: readonly CommandSpec[];
  readonly onClose: () => void;
}

/** Every command that works here, and the keys. */
export function HelpDialog({ commands, onClose }: HelpDialogProps) {
  const sorted = commandGroups.flatMap((group) => commands.filter((one) => one.group === group));
  return (
    <Dialog title="Commands and keys" onClose={onClose}>
      <dl className="command-list">
        {sorted.map(({ name, arguments: given, summary }) => (
          <Fragment key={name}>
            <dt>{`/${name} ${given}`.trim()}</dt>
            <dd>{summary}</dd>
          </Fragment>
        ))}
        {keys.map(([key, what]) => (
          <Fragment key={key}>
            <dt>{key}</dt>
            <dd>{what}</dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  );
}
