import { setTimeout } from 'node:timers/promises';

/** How long tests wait for what must come, if they say nothing else. */
export const patienceMs = 60_000;

export interface WaitForOptions {
  /** 60 seconds when left out: a machine with nothing to spare takes its time, and nobody waits who need not. */
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  /** Completes the sentence "waited in vain for …". */
  readonly what?: string;
}

type Falsy = undefined | null | false;

function isThere(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/**
 * Asks again and again until the answer is there: neither falsy nor an empty list. Resolves with
 * it. After the time limit it throws what the check threw last, or a sentence of its own.
 */
export async function waitFor<Value>(
  check: () => Value | Promise<Value>,
  options: WaitForOptions = {},
): Promise<Exclude<Value, Falsy>> {
  const { timeoutMs = patienceMs, everyMs = 10, what = 'the check to hold' } = options;
  const endsAt = performance.now() + timeoutMs;
  let thrown: unknown;
  do {
    try {
      const value = await check();
      // isThere has ruled out what Exclude takes away; the compiler cannot see that.
      if (isThere(value)) return value as Exclude<Value, Falsy>;
      thrown = undefined;
    } catch (error) {
      thrown = error;
    }
    await setTimeout(everyMs);
  } while (performance.now() < endsAt);
  throw new Error(`waited in vain for ${what} (${timeoutMs} ms)`, { cause: thrown });
}
