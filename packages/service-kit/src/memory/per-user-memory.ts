import { MosaicError } from '@mosaic/proto';
import type { Clock } from '../runtime/port.ts';

/** Whoever a value is asked for; the rest of it is for `load`. */
export interface OfUser {
  readonly userId: string;
}

export interface PerUserOptions<From extends OfUser, Value> {
  load(from: From): Promise<Value>;
  readonly clock: Clock;
  /** Younger than this, a value is handed out without asking. */
  readonly freshMs: number;
  /** Up to this age a value serves when no newer one is to be had. */
  readonly staleMs: number;
  /** Longest wait for a newer value while there is one that serves; 0 asks behind the caller's back. */
  readonly patienceMs: number;
  /** Longest wait when there is none. */
  readonly firstPatienceMs: number;
  /** Users that are remembered; who was not asked for longest goes first. */
  readonly maxUsers: number;
}

/** Remembers one value per user and never hands one user's value to another. */
export interface PerUserMemory<From extends OfUser, Value> {
  /** Throws what `load` threw, or deadline_exceeded, when there is nothing that serves. */
  get(from: From): Promise<Value>;
  /** Forgets a user's value, also one that is being loaded now. */
  drop(userId: string): void;
  /** Values stay and serve, but count as old. */
  expireAll(): void;
}

interface Entry<Value> {
  known: { readonly value: Value; readonly atMs: number } | undefined;
  loading: Promise<Value> | undefined;
  failure: { readonly thrown: unknown; readonly atMs: number } | undefined;
}

/** After a load that failed or took too long nobody waits for that user's next one for so long. */
const retryAfterMs = 5_000;

export function makePerUserMemory<From extends OfUser, Value>(
  options: PerUserOptions<From, Value>,
): PerUserMemory<From, Value> {
  const { clock, freshMs, staleMs } = options;
  let entries = new Map<string, Entry<Value>>();

  const load = (from: From, entry: Entry<Value>): Promise<Value> => {
    // What was dropped meanwhile is in no map any more, and what is written into it is seen by nobody.
    const loading = options.load(from).then(
      (value) => {
        entry.known = { value, atMs: clock.now() };
        entry.failure = undefined;
        return value;
      },
      (thrown: unknown) => {
        entry.failure = { thrown, atMs: clock.now() };
        throw thrown;
      },
    );
    const settled = () => {
      entry.loading = undefined;
    };
    loading.then(settled, settled);
    return loading;
  };

  return {
    async get(from) {
      const entry = touch(entries, from.userId, options.maxUsers);
      const ageMs = entry.known === undefined ? Infinity : clock.now() - entry.known.atMs;
      if (entry.known !== undefined && ageMs < freshMs) return entry.known.value;
      const serving = ageMs < staleMs ? entry.known : undefined;
      const { failure } = entry;
      if (failure !== undefined && clock.now() - failure.atMs < retryAfterMs) {
        return servingOr(serving, failure.thrown);
      }
      entry.loading ??= load(from, entry);
      if (serving !== undefined && options.patienceMs === 0) return serving.value;
      const patienceMs = serving === undefined ? options.firstPatienceMs : options.patienceMs;
      try {
        return await within(patienceMs, entry.loading);
      } catch (thrown) {
        entry.failure = { thrown, atMs: clock.now() };
        return servingOr(serving, thrown);
      }
    },
    drop: (userId) => void entries.delete(userId),
    expireAll() {
      entries = new Map([...entries].map(([userId, entry]) => [userId, expired(entry, freshMs)]));
    },
  };
}

/** The user's entry, as the youngest of all. */
function touch<Value>(
  entries: Map<string, Entry<Value>>,
  userId: string,
  maxUsers: number,
): Entry<Value> {
  const entry = entries.get(userId) ?? { known: undefined, loading: undefined, failure: undefined };
  entries.delete(userId);
  entries.set(userId, entry);
  const oldest = entries.keys().next().value;
  if (entries.size > maxUsers && oldest !== undefined) entries.delete(oldest);
  return entry;
}

/** A new entry, so that a load that runs now does not count as new. */
function expired<Value>({ known }: Entry<Value>, freshMs: number): Entry<Value> {
  const aged = known === undefined ? undefined : { ...known, atMs: known.atMs - freshMs };
  return { known: aged, loading: undefined, failure: undefined };
}

function servingOr<Value>(serving: { readonly value: Value } | undefined, thrown: unknown): Value {
  if (serving === undefined) throw thrown;
  return serving.value;
}

/** The result of `work`. Throws deadline_exceeded when it takes longer; `work` goes on. */
function within<Value>(limitMs: number, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new MosaicError('deadline_exceeded')), limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
