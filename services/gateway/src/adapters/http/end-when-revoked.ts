import { toMosaicError } from '@mosaic/proto';
import type { Authenticator } from '../auth/authenticator.ts';
import { readCredential } from '../auth/read-credential.ts';
import type { Visit } from './visit.ts';

const recheckMs = 60_000;

/** Ends an answer that goes on for long as soon as its session or key is not valid any more. */
export function endWhenRevoked(
  { request, response }: Pick<Visit, 'request' | 'response'>,
  authenticator: Authenticator,
): void {
  const credential = readCredential(request.headers);
  const recheck = async () => {
    try {
      await authenticator.identify(credential);
    } catch (thrown) {
      if (toMosaicError(thrown).code === 'unauthenticated') response.end();
    }
  };
  const ticking = setInterval(() => void recheck(), recheckMs);
  const stopHearing = authenticator.onForget(() => void recheck());
  response.once('close', () => {
    clearInterval(ticking);
    stopHearing();
  });
}
