import { MosaicError } from '@mosaic/proto';
import type { ConversationKey } from './follow-conversation.ts';

/** Lets a reader wait for what it has written: for the rows of a conversation to reach a number. */
export interface AppliedWatch {
  /** Says that this process has applied events of the conversation. */
  note(key: ConversationKey): void;
  /** True while somebody waits here for rows of the conversation that were not there. */
  isAwaited(key: ConversationKey): boolean;
  /** Resolves with the first answer of `read` that is defined; throws when the signal aborts. */
  until<Result>(
    key: ConversationKey,
    read: () => Promise<Result | undefined>,
    signal: AbortSignal,
  ): Promise<Result>;
}

/** Another replica may apply the event, and tells nobody: so reading begins again every `askAgainMs`. */
export function watchApplied(askAgainMs = 100): AppliedWatch {
  const waiting = new Map<string, Set<() => void>>();
  /** How many wait for rows that they did not find. */
  const lacking = new Map<string, number>();
  const countLacking = (key: ConversationKey, change: 1 | -1) => {
    const count = (lacking.get(nameOf(key)) ?? 0) + change;
    if (count > 0) lacking.set(nameOf(key), count);
    else lacking.delete(nameOf(key));
  };
  const nameOf = (key: ConversationKey) => `${key.userId}.${key.conversationId}`;

  const listen = (key: ConversationKey, signal: AbortSignal) => {
    const name = nameOf(key);
    const { promise: changed, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const wakers = waiting.get(name) ?? new Set();
    waiting.set(name, wakers.add(wake));
    const timer = setTimeout(wake, askAgainMs);
    signal.addEventListener('abort', wake, { once: true });
    const stop = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      wakers.delete(wake);
      if (wakers.size === 0 && waiting.get(name) === wakers) waiting.delete(name);
    };
    return { changed, stop };
  };

  return {
    note(key) {
      for (const wake of waiting.get(nameOf(key)) ?? []) wake();
    },
    isAwaited: (key) => lacking.has(nameOf(key)),
    async until(key, read, signal) {
      while (!signal.aborted) {
        // Listening begins before reading, or a change in between would be slept through.
        const { changed, stop } = listen(key, signal);
        try {
          const result = await read();
          if (result !== undefined) return result;
          if (signal.aborted) continue;
          countLacking(key, 1);
          await changed.finally(() => countLacking(key, -1));
        } finally {
          stop();
        }
      }
      throw new MosaicError('deadline_exceeded', 'Memory has not read so far in the log yet.');
    },
  };
}
