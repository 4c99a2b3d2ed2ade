import { MosaicError } from '@mosaic/proto';
import type { ConversationKey } from './follow-conversation.ts';

/** Another replica may apply the event, and tells nobody: ask again this often. */
const askAgainMs = 100;

/** Lets a reader wait for what it has written: for the rows of a conversation to reach a number. */
export interface AppliedWatch {
  /** Says that this process has applied events of the conversation. */
  note(key: ConversationKey): void;
  /** Resolves with the first answer of `read` that is defined; throws when the signal aborts. */
  until<Result>(
    key: ConversationKey,
    read: () => Promise<Result | undefined>,
    signal: AbortSignal,
  ): Promise<Result>;
}

export function watchApplied(): AppliedWatch {
  const waiting = new Map<string, Set<() => void>>();
  const nameOf = (key: ConversationKey) => `${key.userId}.${key.conversationId}`;

  const change = (key: ConversationKey, signal: AbortSignal): Promise<void> => {
    const name = nameOf(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    const wakers = waiting.get(name) ?? new Set();
    waiting.set(name, wakers.add(resolve));
    const timer = setTimeout(resolve, askAgainMs);
    const wake = () => resolve();
    signal.addEventListener('abort', wake, { once: true });
    return promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      wakers.delete(resolve);
      if (wakers.size === 0 && waiting.get(name) === wakers) waiting.delete(name);
    });
  };

  return {
    note(key) {
      for (const wake of waiting.get(nameOf(key)) ?? []) wake();
    },
    async until(key, read, signal) {
      for (;;) {
        // Listening begins before reading, or a change in between would be slept through.
        const changed = change(key, signal);
        const result = await read();
        if (result !== undefined) return result;
        await changed;
        if (signal.aborted) {
          throw new MosaicError('deadline_exceeded', 'Memory has not read so far in the log yet.');
        }
      }
    },
  };
}
