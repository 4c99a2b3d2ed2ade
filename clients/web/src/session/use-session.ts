import { toMosaicError } from '@mosaic/proto';
import { useCallback, useEffect, useState } from 'react';
import { askWhoIAm, signOut } from '../rest/authentication.ts';
import { forgetAccessToken, readAccessToken } from './access-token.ts';

export type SessionState = 'asking' | 'signed-in' | 'signed-out' | 'unreachable';

async function findState(): Promise<SessionState> {
  try {
    await askWhoIAm();
    return 'signed-in';
  } catch (error) {
    return toMosaicError(error).code === 'unauthenticated' ? 'signed-out' : 'unreachable';
  }
}

/** Whether the gateway knows this browser, by cookie or token. */
export function useSession() {
  const [state, setState] = useState<SessionState>('asking');
  const ask = useCallback(async (): Promise<SessionState> => {
    const answer = await findState();
    if (answer === 'signed-out') forgetAccessToken();
    setState(answer);
    return answer;
  }, []);
  /** True when this page came with a token that is not accepted. */
  const [isTokenRefused, setTokenRefused] = useState(false);
  useEffect(() => {
    const hasToken = readAccessToken() !== null;
    void ask().then((answer) => setTokenRefused(hasToken && answer === 'signed-out'));
  }, [ask]);
  const leave = useCallback(async (): Promise<void> => {
    await signOut().catch((error: unknown) => console.warn('sign-out was not confirmed', error));
    forgetAccessToken();
    sessionStorage.clear();
    // A full load leaves nothing of this person in memory.
    location.assign('/');
  }, []);
  return { state, isTokenRefused, ask, leave };
}
