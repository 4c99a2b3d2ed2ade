import { setTimeout as pause } from 'node:timers/promises';
import { type CompletionPart, type ErrorCode, MosaicError } from '@mosaic/proto';

/** How long a turn waits for a service that is being started again before the person is told. */
export interface Patience {
  readonly totalMs: number;
  readonly pauseMs: number;
}

/** A killed service is back in 1 to 2 s, on a busy machine in 20; one that its supervisor holds back, in 10. */
export const defaultPatience: Patience = Object.freeze({ totalMs: 30_000, pauseMs: 200 });

/** Nobody was there, or who was there went away before answering. */
const awayCodes: ReadonlySet<ErrorCode> = new Set(['service_unavailable', 'service_lost']);

/** Asks again while the other side is away; only for questions that are harmless to ask twice. */
export async function askPatiently<Result>(
  ask: () => Promise<Result>,
  signal: AbortSignal,
  patience: Patience = defaultPatience,
): Promise<Result> {
  const mayAskAgain = startPatience(patience, signal);
  for (;;) {
    try {
      return await ask();
    } catch (thrown) {
      const code = thrown instanceof MosaicError ? thrown.code : 'internal';
      // What was asked of a process that was killed at that moment is never answered.
      const isAway = awayCodes.has(code) || code === 'deadline_exceeded';
      if (!isAway || !(await mayAskAgain())) throw thrown;
    }
  }
}

/**
 * Asks for a completion again while nothing at all came of it. After the first part the ending stands:
 * a person may have seen words already.
 */
export async function* completePatiently(
  complete: () => AsyncIterable<CompletionPart>,
  signal: AbortSignal,
  patience: Patience = defaultPatience,
): AsyncGenerator<CompletionPart, void, undefined> {
  const mayAskAgain = startPatience(patience, signal);
  for (let isOver = false; !isOver; ) {
    isOver = true;
    let hasBegun = false;
    for await (const part of complete()) {
      const isAway = !hasBegun && part.type === 'error' && awayCodes.has(part.failure.code);
      hasBegun = true;
      if (isAway && (await mayAskAgain())) isOver = false;
      else yield part;
    }
  }
}

/**
 * The time runs from the first failure: that alone may have taken long. The function pauses; it answers
 * false when there is no time left, or nobody wants the answer any more.
 */
function startPatience({ totalMs, pauseMs }: Patience, signal: AbortSignal) {
  let endsAt: number | undefined;
  return async (): Promise<boolean> => {
    endsAt ??= performance.now() + totalMs;
    if (signal.aborted || performance.now() + pauseMs > endsAt) return false;
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    return !signal.aborted;
  };
}
