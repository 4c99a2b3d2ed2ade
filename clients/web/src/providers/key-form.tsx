import { type MosaicError, type ProviderName, toMosaicError } from '@mosaic/proto';
import { type FormEvent, useId, useState } from 'react';
import { FormFoot } from '../elements/form-foot.tsx';
import { useEscape } from '../elements/use-escape.ts';
import { saveKey } from '../rest/providers.ts';
import { mayBeKeptUntested, providerTitles } from './describe-provider.ts';

interface KeyFormProps {
  readonly provider: ProviderName;
  /** Addresses of the vendor that may be chosen. */
  readonly bases: readonly string[];
  readonly onSaved: () => void;
  readonly onCancel: () => void;
}

/** Takes a key, has it tested and kept. The key is in this field only, and nowhere once it is kept. */
export function KeyForm({ provider, bases, onSaved, onCancel }: KeyFormProps) {
  const id = useId();
  const [problem, setProblem] = useState<MosaicError | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEscape(onCancel, true);
  const save = async (form: HTMLFormElement): Promise<void> => {
    const written = new FormData(form);
    setBusy(true);
    setProblem(null);
    try {
      await saveKey(provider, {
        key: String(written.get('key')),
        baseUrl: String(written.get('base') ?? '') || null,
        skipTest: written.get('untested') === 'on',
      });
      onSaved();
    } catch (error) {
      setProblem(toMosaicError(error));
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!isBusy) void save(event.currentTarget);
  };
  return (
    <form className="key-form" onSubmit={onSubmit}>
      <label htmlFor={`${id}-key`}>Your key for {providerTitles[provider]}</label>
      <input
        id={`${id}-key`}
        className="field"
        name="key"
        type="password"
        autoComplete="off"
        spellCheck={false}
        minLength={8}
        maxLength={512}
        required
        // biome-ignore lint/a11y/noAutofocus: opened by the person's own press
        autoFocus
      />
      {bases.length > 1 && (
        <>
          <label htmlFor={`${id}-base`}>Address that it belongs to</label>
          <select id={`${id}-base`} className="field" name="base" defaultValue="">
            <option value="">The one that this Mosaic uses</option>
            {bases.map((base) => (
              <option key={base}>{base}</option>
            ))}
          </select>
        </>
      )}
      <FormFoot
        problem={problem?.message ?? null}
        save={isBusy ? 'Asking …' : 'Test and keep'}
        isBusy={isBusy}
        onCancel={onCancel}
      >
        {problem !== null && mayBeKeptUntested(problem.code) && (
          <label className="check">
            <input type="checkbox" name="untested" /> Keep it without a test
          </label>
        )}
      </FormFoot>
    </form>
  );
}
