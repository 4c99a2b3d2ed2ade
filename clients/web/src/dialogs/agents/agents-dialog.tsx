import { type Agent, toMosaicError } from '@mosaic/proto';
import { useEffect, useRef, useState } from 'react';
import { useCatalogue } from '../../composer/use-catalogue.ts';
import { RemoveButton } from '../../elements/remove-button.tsx';
import { changeAgent, createAgent, fetchAgents, removeAgent } from '../../rest/catalogue.ts';
import { Dialog } from '../dialog.tsx';
import { AgentForm } from './agent-form.tsx';
import { type AgentFormState, draftOf, formOf } from './agent-form-state.ts';

interface AgentsDialogProps {
  /** Begins with an empty form. */
  readonly isNew: boolean;
  /** Begins with the form of this one. */
  readonly edited: string | undefined;
  readonly onChoose: (agent: string) => void;
  readonly onClose: () => void;
}

/** What is being written: an agent of one's own as it is, or a new one, perhaps after another. */
interface Written {
  readonly changed: Agent | null;
  readonly initial: AgentFormState;
}

/** Every agent that can be used here; one's own can be made, changed and removed. */
export function AgentsDialog({ isNew, edited, onChoose, onClose }: AgentsDialogProps) {
  const { items, refresh } = useCatalogue(fetchAgents);
  const [written, setWritten] = useState<Written | null>(
    isNew ? { changed: null, initial: formOf() } : null,
  );
  const sought = useRef(edited);
  const [problem, setProblem] = useState<string | null>(null);
  const write = (next: Written | null): void => {
    setProblem(null);
    setWritten(next);
  };
  useEffect(() => {
    const agent = items.find(({ name }) => name === sought.current);
    if (agent === undefined) return;
    sought.current = undefined;
    setWritten({ changed: agent, initial: formOf(agent) });
  }, [items]);
  const attempt = (work: Promise<unknown>): void => {
    setProblem(null);
    work.then(
      () => {
        write(null);
        refresh();
      },
      (error: unknown) => setProblem(toMosaicError(error).message),
    );
  };
  if (written !== null) {
    const { changed, initial } = written;
    return (
      <Dialog title={changed === null ? 'New agent' : `Agent ${changed.name}`} onClose={onClose}>
        <AgentForm
          key={changed?.name}
          initial={initial}
          isNew={changed === null}
          problem={problem}
          onSave={(form) => attempt(save(draftOf(form), changed))}
          onCancel={() => write(null)}
        />
      </Dialog>
    );
  }
  return (
    <Dialog title="Agents" onClose={onClose}>
      {problem !== null && (
        <p role="alert" className="note note-bad">
          {problem}
        </p>
      )}
      <p>
        <button
          type="button"
          className="outline-button"
          onClick={() => write({ changed: null, initial: formOf() })}
        >
          New agent
        </button>
      </p>
      <ul className="lines">
        {items.map((agent) => (
          <li key={agent.name}>
            <AgentLine
              agent={agent}
              onChoose={onChoose}
              onEdit={() => write({ changed: agent, initial: formOf(agent) })}
              onCopy={() => write({ changed: null, initial: { ...formOf(agent), name: '' } })}
              onRemove={() => attempt(removeAgent(agent.name))}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function save(draft: ReturnType<typeof draftOf>, changed: Agent | null): Promise<unknown> {
  if (changed === null) return createAgent(draft);
  const { name, ...changes } = draft;
  // Named, so that what somebody changed meanwhile in another window is not undone unseen.
  return changeAgent(name, changes, changed.version);
}

interface AgentLineProps {
  readonly agent: Agent;
  readonly onChoose: (agent: string) => void;
  readonly onEdit: () => void;
  readonly onCopy: () => void;
  readonly onRemove: () => void;
}

function AgentLine({ agent, onChoose, onEdit, onCopy, onRemove }: AgentLineProps) {
  const { description, model, name, scope } = agent;
  const button = (label: string, act: () => void) => (
    <button type="button" className="quiet-button" aria-label={`${label} ${name}`} onClick={act}>
      {label}
    </button>
  );
  return (
    <>
      <p className="font-medium">{name}</p>
      <p>{description}</p>
      <div className="line-foot">
        <span>{scope === 'user' ? 'yours' : 'comes with Mosaic'}</span>
        <span>{model ?? 'any model'}</span>
        <span className="line-actions">
          {button('Use', () => onChoose(name))}
          {scope === 'user' && button('Edit', onEdit)}
          {button('Copy', onCopy)}
          {scope === 'user' && <RemoveButton label={`Remove ${name}`} onRemove={onRemove} />}
        </span>
      </div>
    </>
  );
}
