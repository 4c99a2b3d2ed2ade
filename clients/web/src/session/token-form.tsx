import { type FormEvent, useState } from 'react';
import { keepAccessToken, readAccessToken } from './access-token.ts';
import { TextField } from './text-field.tsx';

/** For the person at the machine itself: the token that the launcher printed. */
export function TokenForm({ onDone }: { onDone: () => Promise<unknown> }) {
  const [isRefused, setRefused] = useState(false);
  const submit = async (token: string): Promise<void> => {
    keepAccessToken(token);
    await onDone();
    // A token that the gateway does not know is forgotten at once.
    setRefused(readAccessToken() === null);
  };
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void submit(String(new FormData(event.currentTarget).get('token')).trim());
  };
  return (
    <form className="grid gap-4" onSubmit={onSubmit}>
      <TextField label="Owner token" name="token" type="password" autoComplete="off" required />
      <p className="text-sm text-dim">
        It was printed when Mosaic started. It is kept in this tab only.
      </p>
      {isRefused && (
        <p role="alert" className="note note-bad">
          This token is not known here.
        </p>
      )}
      <button type="submit" className="main-button">
        Continue
      </button>
    </form>
  );
}
