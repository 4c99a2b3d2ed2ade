import type { Timers } from '../vendor/vendor-port.ts';

export interface TogetherPorts<Item> {
  /** Writes all of them, or none and rejects. */
  write(userId: string, items: readonly Item[]): Promise<void>;
  /** True when another attempt right now can't succeed either, whatever is written. */
  isAway(thrown: unknown): boolean;
  readonly timers: Pick<Timers, 'after'>;
}

interface Waiting<Item> {
  readonly item: Item;
  resolve(): void;
  reject(thrown: unknown): void;
}

/**
 * How long the first item waits for others. Nobody waits for a row but a budget that is nearly spent,
 * which asks again after 50 ms and more.
 */
const gatherMs = 25;
const mostAtOnce = 64;
/** Users whose items are written at the same time; one user's are written one after the other. */
const mostUsers = 4;

/**
 * Writes one user's items of the same moment in one go: a transaction costs the database more than the
 * rows in it. Each item is told how it went; one that can't be written takes no other with it.
 */
export function writeTogether<Item>(ports: TogetherPorts<Item>) {
  const waiting = new Map<string, Waiting<Item>[]>();
  const ready = new Set<string>();
  const busy = new Set<string>();

  const startNext = () => {
    for (const userId of ready) {
      if (busy.size >= mostUsers) return;
      if (busy.has(userId)) continue;
      ready.delete(userId);
      void writeFor(userId);
    }
  };
  const writeFor = async (userId: string) => {
    const all = waiting.get(userId) ?? [];
    const taken = all.splice(0, mostAtOnce);
    if (all.length === 0) waiting.delete(userId);
    busy.add(userId);
    await writeAll(ports, userId, taken);
    busy.delete(userId);
    if (waiting.has(userId)) ready.add(userId);
    startNext();
  };
  const gather = (userId: string) => {
    ports.timers.after(gatherMs, () => {
      ready.add(userId);
      startNext();
    });
  };

  /** Resolves when the item is written; rejects with why it could not be. */
  return (userId: string, item: Item): Promise<void> =>
    new Promise((resolve, reject) => {
      const own = waiting.get(userId);
      const one = { item, resolve, reject };
      if (own !== undefined) return void own.push(one);
      waiting.set(userId, [one]);
      if (!busy.has(userId)) gather(userId);
    });
}

/** Never rejects: each item is told. */
async function writeAll<Item>(
  ports: TogetherPorts<Item>,
  userId: string,
  taken: readonly Waiting<Item>[],
): Promise<void> {
  try {
    await ports.write(
      userId,
      taken.map(({ item }) => item),
    );
    for (const { resolve } of taken) resolve();
  } catch (thrown) {
    if (taken.length === 1 || ports.isAway(thrown)) {
      for (const { reject } of taken) reject(thrown);
      return;
    }
    // One of them is to blame.
    for (const one of taken) await writeAll(ports, userId, [one]);
  }
}
