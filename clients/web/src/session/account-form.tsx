import { toMosaicError } from '@mosaic/proto';
import { type FormEvent, useState } from 'react';
import { signIn, signUp } from '../rest/authentication.ts';
import { forgetAccessToken } from './access-token.ts';
import { TextField } from './text-field.tsx';

interface AccountFormProps {
  readonly isNew: boolean;
  readonly onDone: () => Promise<unknown>;
}

const written = (form: FormData, name: string): string => String(form.get(name) ?? '').trim();

/** E-mail and password, for an account that exists or a new one. */
export function AccountForm({ isNew, onDone }: AccountFormProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (form: FormData): Promise<void> => {
    setBusy(true);
    setProblem(null);
    const credentials = { email: written(form, 'email'), password: String(form.get('password')) };
    try {
      forgetAccessToken();
      if (isNew) await signUp({ ...credentials, name: written(form, 'name') });
      else await signIn(credentials);
      await onDone();
    } catch (error) {
      setProblem(toMosaicError(error).message);
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!isBusy) void submit(new FormData(event.currentTarget));
  };
  return (
    <form className="grid gap-4" onSubmit={onSubmit}>
      {isNew && <TextField label="Name" name="name" autoComplete="name" required />}
      <TextField label="E-mail" name="email" type="email" autoComplete="username" required />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete={isNew ? 'new-password' : 'current-password'}
        minLength={isNew ? 8 : 1}
        required
      />
      {problem !== null && (
        <p role="alert" className="note note-bad">
          {problem}
        </p>
      )}
      <button type="submit" className="main-button" aria-disabled={isBusy}>
        {isNew ? 'Create account' : 'Sign in'}
      </button>
    </form>
  );
}
