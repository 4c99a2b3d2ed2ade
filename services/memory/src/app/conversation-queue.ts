/** Work on one conversation in the order in which it came, on different ones side by side. */
export interface ConversationQueue {
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
}

export function makeConversationQueue(): ConversationQueue {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(key, work) {
      const before = tails.get(key) ?? Promise.resolve();
      const result = before.then(work);
      const tail = result
        .catch(() => undefined)
        .finally(() => {
          if (tails.get(key) === tail) tails.delete(key);
        });
      tails.set(key, tail);
      return result;
    },
  };
}
