import type { CommandSpec } from '@mosaic/proto';
import type { DialogName } from '../commands/command-context.ts';
import { AgentsDialog } from './agents/agents-dialog.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { InstructionsDialog } from './instructions-dialog.tsx';
import { ToolsDialog } from './tools-dialog.tsx';

interface CommandDialogProps {
  readonly name: DialogName;
  /** Of the conversation. */
  readonly agent: string;
  /** The one that was named. */
  readonly named: string | undefined;
  readonly commands: readonly CommandSpec[];
  readonly onChooseAgent: (agent: string) => void;
  readonly onClose: () => void;
}

/** What a command opened over the page. */
export function CommandDialog(props: CommandDialogProps) {
  const { name, agent, named, commands, onChooseAgent, onClose } = props;
  switch (name) {
    case 'help':
      return <HelpDialog commands={commands} onClose={onClose} />;
    case 'instructions':
      return <InstructionsDialog agent={agent} onClose={onClose} />;
    case 'tools':
      return <ToolsDialog agent={named ?? agent} onClose={onClose} />;
    case 'agents':
    case 'new-agent': {
      const choose = (chosen: string): void => {
        onClose();
        onChooseAgent(chosen);
      };
      return (
        <AgentsDialog
          isNew={name === 'new-agent'}
          edited={named}
          onChoose={choose}
          onClose={onClose}
        />
      );
    }
    default:
      return name satisfies never;
  }
}
