import type { ErrorCode, KeyRestKind } from '@mosaic/proto';
import type { Timers, VendorFault } from '../vendor/vendor-port.ts';

/** A time during which nobody asks. Instants in milliseconds since the epoch. */
export interface Rest {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly reason: string;
}

export interface KeyRest extends Rest {
  readonly kind: KeyRestKind;
}

/** A key that passed a test at this instant. */
export interface Ready {
  readonly kind: 'ready';
  readonly sinceMs: number;
}

const kinds: ReadonlyMap<ErrorCode, KeyRestKind> = new Map([
  ['provider_rate_limited', 'rate-limit'],
  ['provider_quota', 'quota'],
  ['provider_auth', 'refused'],
  ['provider_forbidden', 'forbidden'],
]);

const minuteMs = 60_000;
/** Where the vendor names no time: the first rest, doubled with each one that did not help. */
const restTimes: Readonly<Record<KeyRestKind, { firstMs: number; longestMs: number }>> = {
  'rate-limit': { firstMs: 500, longestMs: minuteMs },
  quota: { firstMs: 10 * minuteMs, longestMs: 120 * minuteMs },
  // Some lists of models need no key, and a refusal may be about one model only: calls find out.
  refused: { firstMs: minuteMs, longestMs: 60 * minuteMs },
  // Rights are given by people: not within seconds, but nobody should have to wait for hours.
  forbidden: { firstMs: 5 * minuteMs, longestMs: 60 * minuteMs },
};
/** No vendor's word is believed for longer: plans are weekly at most. */
const longestRestMs = 8 * 24 * 60 * minuteMs;
/** Keys remembered; the users' own come and go. */
const mostKeys = 5_000;

interface KeyRecord {
  rest: KeyRest | null;
  /** Rests since the key last answered. */
  restsInARow: number;
  /** When a test ended its last refusal. */
  passedTestAtMs: number | null;
  /** A call was refused right after a good test: the test proves nothing for this key. */
  isTestMisleading: boolean;
}

/** True for a fault of the key and not of its vendor: another key may well answer. */
export function concernsKey(fault: VendorFault): boolean {
  return kinds.has(fault.code);
}

/** True when the asked model rests for the key, and the key goes on with all others. */
export function concernsModelAlone(fault: VendorFault): boolean {
  return fault.isOfModel === true || fault.code === 'provider_forbidden';
}

/** Which keys rest, until when and why; by the ids of the keys, or of single models with them. */
export class KeyRests {
  readonly #timers: Pick<Timers, 'now' | 'random'>;
  readonly #records = new Map<string, KeyRecord>();

  constructor(timers: Pick<Timers, 'now' | 'random'>) {
    this.#timers = timers;
  }

  /** The rest of a key; null when it is ready. */
  of(id: string): KeyRest | null {
    const rest = this.#records.get(id)?.rest;
    return rest && rest.untilMs > this.#timers.now() ? rest : null;
  }

  /** What others should know about a key, or null when there is nothing to say. */
  wordOf(id: string): KeyRest | Ready | null {
    const rest = this.of(id);
    const passedTestAtMs = this.#records.get(id)?.passedTestAtMs ?? null;
    if (rest || passedTestAtMs === null) return rest;
    return { kind: 'ready', sinceMs: passedTestAtMs };
  }

  /** Every rest that is not over, with the key's id. */
  running(): (readonly [string, KeyRest])[] {
    return [...this.#records.keys()].flatMap((id) => {
      const rest = this.of(id);
      return rest ? [[id, rest] as const] : [];
    });
  }

  /** Takes note of a failure. True when the key rests from now on, or longer than it did. */
  failed(id: string, fault: VendorFault, by: 'call' | 'test'): boolean {
    const kind = kinds.get(fault.code);
    if (kind === undefined) return false;
    const current = this.of(id);
    const record = this.#recordOf(id);
    const isCall = by === 'call';
    if (kind === 'refused' && isCall && record.passedTestAtMs !== null) {
      record.isTestMisleading = true;
    }
    // What a burst of calls finds out together counts once.
    if (fault.retryAfterMs === null && current?.kind === kind && isCall) return false;
    if (current === null) record.restsInARow += 1;
    const { now, random } = this.#timers;
    const forMs = fault.retryAfterMs ?? chooseRestMs(kind, record.restsInARow, random());
    const untilMs = Math.ceil(now() + Math.min(forMs, longestRestMs));
    if (untilMs <= (current?.untilMs ?? now())) return false;
    // The same rest goes on: its beginning and its reason stay.
    const begun = current?.kind === kind ? current : { sinceMs: now(), reason: fault.message };
    record.rest = { kind, sinceMs: begun.sinceMs, untilMs, reason: begun.reason };
    return true;
  }

  /** A call with this key came to its end. */
  answered(id: string): void {
    if (this.of(id) === null) this.#records.delete(id);
  }

  /** The key passed a cheap test. True when that ends its rest; only a refusal ends so. */
  passedTest(id: string): boolean {
    const record = this.#recordOf(id);
    if (this.of(id)?.kind !== 'refused' || record.isTestMisleading) return false;
    record.rest = null;
    record.passedTestAtMs = this.#timers.now();
    return true;
  }

  /**
   * Takes over what another replica says. True when something changed: a shorter rest than one's own
   * changes nothing, and only a refusal that began before ends by a word.
   */
  hear(id: string, word: KeyRest | Ready): boolean {
    const current = this.of(id);
    if (word.kind === 'ready') {
      const isAnswer = current?.kind === 'refused' && current.sinceMs <= word.sinceMs;
      if (isAnswer) this.#recordOf(id).rest = null;
      return isAnswer;
    }
    if (word.untilMs <= (current?.untilMs ?? this.#timers.now())) return false;
    this.#recordOf(id).rest = word;
    return true;
  }

  #recordOf(id: string): KeyRecord {
    const known = this.#records.get(id);
    if (known) return known;
    const [oldest] = this.#records.keys();
    if (oldest !== undefined && this.#records.size >= mostKeys) this.#records.delete(oldest);
    const fresh = { rest: null, restsInARow: 0, passedTestAtMs: null, isTestMisleading: false };
    this.#records.set(id, fresh);
    return fresh;
  }
}

/** Doubles from rest to rest; the upper half is left to chance, so that replicas spread out. */
function chooseRestMs(kind: KeyRestKind, restsInARow: number, random: number): number {
  const { firstMs, longestMs } = restTimes[kind];
  const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(restsInARow - 1, 20));
  return fullMs * (0.5 + random / 2);
}
