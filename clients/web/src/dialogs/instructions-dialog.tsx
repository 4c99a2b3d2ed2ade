import { describeGrant } from '@mosaic/proto';
import { useCatalogue } from '../composer/use-catalogue.ts';
import { fetchAgents } from '../rest/catalogue.ts';
import { Dialog } from './dialog.tsx';

interface InstructionsDialogProps {
  readonly agent: string;
  readonly onClose: () => void;
}

/** What the agent of this conversation is told, and what it may use. */
export function InstructionsDialog({ agent: name, onClose }: InstructionsDialogProps) {
  const { items } = useCatalogue(fetchAgents);
  const agent = items.find((one) => one.name === name);
  return (
    <Dialog title={`Instructions of ${name}`} onClose={onClose}>
      {agent === undefined ? (
        <p className="text-dim">{items.length === 0 ? 'loading …' : 'This agent is gone.'}</p>
      ) : (
        <>
          <p>{agent.description}</p>
          <p className="text-dim">Model: {agent.model ?? 'as the rules say'}</p>
          <pre>{agent.systemPrompt}</pre>
          <p className="font-medium">Tools</p>
          {agent.tools.length === 0 && <p className="text-dim">none</p>}
          <ul>
            {agent.tools.map((grant) => (
              <li key={describeGrant(grant)} className="font-mono text-xs">
                {describeGrant(grant)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}
