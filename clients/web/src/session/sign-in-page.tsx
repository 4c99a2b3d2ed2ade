import { useState } from 'react';
import { Logo } from '../elements/logo.tsx';
import { AccountForm } from './account-form.tsx';
import { TokenForm } from './token-form.tsx';

type Way = 'sign-in' | 'sign-up' | 'token';

const headings: Readonly<Record<Way, string>> = {
  'sign-in': 'Sign in',
  'sign-up': 'Create an account',
  token: 'Use the owner token',
};

const wayLabels: ReadonlyArray<readonly [Way, string]> = [
  ['sign-in', 'Sign in'],
  ['sign-up', 'Create an account'],
  ['token', 'Use the owner token'],
];

interface SignInPageProps {
  /** The link that led here had a token that is not accepted. */
  readonly isTokenRefused: boolean;
  readonly onDone: () => Promise<unknown>;
}

/** The way in: an account, a first account, or the token that the launcher printed. */
export function SignInPage({ isTokenRefused, onDone }: SignInPageProps) {
  const [way, setWay] = useState<Way>('sign-in');
  return (
    <main className="grid min-h-dvh place-items-center p-5">
      <div className="w-full max-w-sm">
        <p className="mb-8 flex items-center gap-3 text-lg font-semibold">
          <Logo /> Mosaic
        </p>
        <h1 className="mb-5 text-2xl font-semibold tracking-tight">{headings[way]}</h1>
        {isTokenRefused && (
          <p className="note note-bad mb-5" role="alert">
            The token of this link is not accepted. <code>mosaic page</code> prints a new one.
          </p>
        )}
        {way === 'token' ? (
          <TokenForm onDone={onDone} />
        ) : (
          <AccountForm key={way} isNew={way === 'sign-up'} onDone={onDone} />
        )}
        <ul className="mt-8 grid gap-2 border-t border-line pt-5 text-sm">
          {wayLabels
            .filter(([other]) => other !== way)
            .map(([other, label]) => (
              <li key={other}>
                <button type="button" className="link-button" onClick={() => setWay(other)}>
                  {label}
                </button>
              </li>
            ))}
        </ul>
      </div>
    </main>
  );
}
