import { toMosaicError } from '@mosaic/proto';
import { useCallback, useEffect, useState } from 'react';
import { signOut } from '../rest/authentication.ts';
import { fetchConversations } from '../rest/conversations.ts';
import { forgetAccessToken } from './access-token.ts';

export type SessionState = 'asking' | 'signed-in' | 'signed-out' | 'unreachable';

/** Whether the gateway knows this browser, by cookie or token. */
export function useSession() {
  const [state, setState] = useState<SessionState>('asking');
  const ask = useCallback(async (): Promise<void> => {
    try {
      await fetchConversations();
      setState('signed-in');
    } catch (error) {
      const isUnknown = toMosaicError(error).code === 'unauthenticated';
      if (isUnknown) forgetAccessToken();
      setState(isUnknown ? 'signed-out' : 'unreachable');
    }
  }, []);
  useEffect(() => void ask(), [ask]);
  const leave = useCallback(async (): Promise<void> => {
    await signOut().catch((error: unknown) => console.warn('sign-out was not confirmed', error));
    forgetAccessToken();
    sessionStorage.clear();
    // A full load leaves nothing of this person in memory.
    location.assign('/');
  }, []);
  return { state, ask, leave };
}
