import { setTimeout as delay } from 'node:timers/promises';
import { MosaicError } from '@mosaic/proto';

const pollMs = 25;
const askLimitMs = 2_000;

/** What a page of readiness says: ready, or the conditions that do not hold. */
export interface Readiness {
  readonly isReady: boolean;
  readonly failing: readonly string[];
  /** What the service can do without, in sentences. */
  readonly details: readonly string[];
}

/** Asks `/readyz` below `url` once; a server that does not answer is not ready. */
export async function askReadiness(url: string): Promise<Readiness> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(askLimitMs) });
    const body: unknown = await answer.json();
    const listOf = (name: string) => linesOf(body, name);
    return { isReady: answer.ok, failing: listOf('failing'), details: listOf('details') };
  } catch {
    return { isReady: false, failing: ['no answer'], details: [] };
  }
}

function linesOf(body: unknown, name: string): readonly string[] {
  const lines: unknown = Object(body)[name];
  return Array.isArray(lines) ? lines.map(String) : [];
}

/**
 * Waits until every address is ready. Throws `service_unavailable` that names who is not after
 * `timeoutMs`; ends with the signal's reason when that aborts.
 */
export async function waitUntilReady(
  addresses: Readonly<Record<string, string>>,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const giveUpAt = Date.now() + options.timeoutMs;
  const waiting = new Map(Object.entries(addresses));
  const lastFailing = new Map<string, readonly string[]>();
  while (waiting.size > 0) {
    options.signal.throwIfAborted();
    const asked = [...waiting].map(async ([name, url]) => {
      const { isReady, failing } = await askReadiness(url);
      lastFailing.set(name, failing);
      if (isReady) waiting.delete(name);
    });
    await Promise.all(asked);
    if (waiting.size === 0) return;
    if (Date.now() > giveUpAt) throw notReady([...waiting.keys()], lastFailing);
    await delay(pollMs);
  }
}

function notReady(
  names: readonly string[],
  failing: ReadonlyMap<string, readonly string[]>,
): MosaicError {
  const parts = names.map((name) => `${name} (${failing.get(name)?.join(', ') ?? ''})`);
  return new MosaicError('service_unavailable', `Not ready in time: ${parts.join('; ')}.`);
}
