import { EmbeddedServerError } from '../embedded-server-error.ts';
import { portIsFree, reservePort } from '../free-port.ts';

const ATTEMPTS = 4;

function lostThePort(error: unknown): boolean {
  return (
    error instanceof EmbeddedServerError &&
    error.code === 'START_FAILED' &&
    /address already in use/i.test(error.message)
  );
}

/**
 * Runs `start` with the wanted port (`PORT_IN_USE` when it is taken), or with a free one when
 * none is wanted; then once more with another when somebody took it in between.
 */
export async function startOnPort<Started>(
  wanted: number | undefined,
  start: (port: number) => Promise<Started>,
): Promise<Started> {
  if (wanted !== undefined && wanted !== 0) {
    if (await portIsFree(wanted)) return start(wanted);
    const sentence = `Port ${wanted} on 127.0.0.1 is in use by another program. Stop it or choose another port.`;
    throw new EmbeddedServerError('PORT_IN_USE', sentence);
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await reservePort());
    } catch (error) {
      if (attempt === ATTEMPTS || !lostThePort(error)) throw error;
    }
  }
}
