import { type Agent, toMosaicError } from '@mosaic/proto';
import { useState } from 'react';
import { useCatalogue } from '../composer/use-catalogue.ts';
import { changeAgent, fetchAgents, removeAgent } from '../rest/catalogue.ts';
import { Dialog } from './dialog.tsx';

interface AgentsDialogProps {
  readonly onChoose: (agent: string) => void;
  readonly onClose: () => void;
}

/** Every agent that can be used here; one's own can be changed and removed. */
export function AgentsDialog({ onChoose, onClose }: AgentsDialogProps) {
  const { items, refresh } = useCatalogue(fetchAgents);
  return (
    <Dialog title="Agents" onClose={onClose}>
      <p className="text-dim">
        One of your own: <code>/agent new &lt;name&gt; &lt;instructions&gt;</code>
      </p>
      <ul className="lines">
        {items.map((agent) => (
          <li key={agent.name}>
            <AgentLine agent={agent} onChoose={onChoose} onChange={refresh} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

interface AgentLineProps {
  readonly agent: Agent;
  readonly onChoose: (agent: string) => void;
  readonly onChange: () => void;
}

function AgentLine({ agent, onChoose, onChange }: AgentLineProps) {
  const { description, model, name, scope } = agent;
  const [mode, setMode] = useState<'shown' | 'editing' | 'removing'>('shown');
  const [problem, setProblem] = useState<string | null>(null);
  const attempt = (work: Promise<void>): void => {
    setProblem(null);
    work.then(
      () => {
        setMode('shown');
        onChange();
      },
      (error: unknown) => setProblem(toMosaicError(error).message),
    );
  };
  const button = (label: string, act: () => void) => (
    <button type="button" className="quiet-button" aria-label={`${label} ${name}`} onClick={act}>
      {label}
    </button>
  );
  return (
    <>
      <p className="font-medium">{name}</p>
      <p>{description}</p>
      {mode === 'editing' && (
        <InstructionsForm
          agent={agent}
          onSave={(systemPrompt) => attempt(changeAgent(name, { systemPrompt }))}
          onCancel={() => setMode('shown')}
        />
      )}
      {problem !== null && (
        <p role="alert" className="note note-bad">
          {problem}
        </p>
      )}
      <div className="line-foot">
        <span>{scope === 'user' ? 'yours' : 'comes with Mosaic'}</span>
        <span>{model ?? 'any model'}</span>
        <span className="line-actions">
          {button('Use', () => onChoose(name))}
          {scope === 'user' && mode === 'shown' && button('Edit', () => setMode('editing'))}
          {scope === 'user' && mode === 'shown' && button('Remove', () => setMode('removing'))}
          {mode === 'removing' && button('Keep', () => setMode('shown'))}
          {mode === 'removing' && button('Really remove', () => attempt(removeAgent(name)))}
        </span>
      </div>
    </>
  );
}

interface InstructionsFormProps {
  readonly agent: Agent;
  readonly onSave: (systemPrompt: string) => void;
  readonly onCancel: () => void;
}

function InstructionsForm({ agent, onSave, onCancel }: InstructionsFormProps) {
  const [text, setText] = useState(agent.systemPrompt);
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(text.trim());
      }}
    >
      <textarea
        className="field"
        rows={5}
        aria-label={`Instructions of ${agent.name}`}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="flex gap-2">
        <button type="submit" className="outline-button" disabled={text.trim() === ''}>
          Save
        </button>
        <button type="button" className="quiet-button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
