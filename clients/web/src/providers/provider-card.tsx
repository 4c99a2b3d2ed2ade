import { toMosaicError } from '@mosaic/proto';
import { useState } from 'react';
import { useFocusBack } from '../elements/use-focus-back.ts';
import { removeKeys, testKeys } from '../rest/providers.ts';
import { Tessera } from '../routing/tessera.tsx';
import { providerTitles, type ShownProvider, stateOf } from './describe-provider.ts';
import { KeyForm } from './key-form.tsx';
import { OwnKeys } from './own-keys.tsx';

interface ProviderCardProps {
  readonly provider: ShownProvider;
  /** False while no key can be kept here. */
  readonly canKeep: boolean;
  readonly onChange: () => void;
}

type Work = 'testing' | 'removing' | null;

/** One vendor: whether it can be asked, by whose key, and one's own key for it. */
export function ProviderCard({ provider, canKeep, onChange }: ProviderCardProps) {
  const { bases, isSimulated, keyHint, name, own, reason } = provider;
  const [isEditing, setEditing] = useState(false);
  const keyButton = useFocusBack(isEditing);
  const [work, setWork] = useState<Work>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const run = (kind: Work, task: () => Promise<unknown>): void => {
    if (work !== null) return;
    setWork(kind);
    setProblem(null);
    task()
      .then(onChange, (error: unknown) => setProblem(toMosaicError(error).message))
      .finally(() => setWork(null));
  };
  const saved = (): void => {
    setEditing(false);
    onChange();
  };
  const title = providerTitles[name];
  return (
    <section className="provider-card" aria-label={title}>
      <h2>
        <Tessera provider={name} /> {title}
        <span className="provider-state">{stateOf(provider)}</span>
      </h2>
      {own === null && isSimulated && (
        <p className="text-dim">A look-alike answers in its place.</p>
      )}
      {own === null && !isSimulated && keyHint !== null && (
        <p className="text-dim">
          Key of this Mosaic <span className="font-mono">…{keyHint}</span>
        </p>
      )}
      {own === null && reason !== null && <p className="text-dim">{reason}</p>}
      {own !== null && <OwnKeys own={own} />}
      {problem !== null && (
        <p role="alert" className="note note-bad">
          {problem}
        </p>
      )}
      {isEditing ? (
        <KeyForm provider={name} bases={bases} onSaved={saved} onCancel={() => setEditing(false)} />
      ) : (
        <div className="key-actions">
          {name !== 'ollama' && canKeep && (
            <button
              type="button"
              ref={keyButton}
              className="quiet-button text-accent"
              onClick={() => setEditing(true)}
            >
              {own === null ? 'Use your own key' : 'Replace'}
            </button>
          )}
          {own !== null && (
            <>
              <button
                type="button"
                className="quiet-button"
                aria-disabled={work !== null}
                onClick={() => run('testing', () => testKeys(name))}
              >
                {work === 'testing' ? 'Asking …' : 'Test'}
              </button>
              <button
                type="button"
                className="quiet-button text-bad"
                aria-disabled={work !== null}
                onClick={() => run('removing', () => removeKeys(name))}
              >
                Remove
              </button>
            </>
          )}
        </div>
      )}
    </section>
  );
}
