import type { Person } from './person.ts';

const freshMs = 60_000;
/** With the database away people may go on for this long with what was valid before. */
const staleMs = 3_600_000;
const maxKept = 10_000;

interface Known {
  readonly person: Person;
  readonly checkedAtMs: number;
}

/**
 * Remembers who a credential belongs to, by the hash of the credential, so that not every request asks
 * the database, and chatting goes on when it is away.
 */
export class CredentialMemory {
  readonly #known = new Map<string, Known>();

  /** Who it is, when that was found out less than a minute ago. */
  fresh(hash: string, nowMs: number): Person | undefined {
    return this.#within(hash, nowMs, freshMs);
  }

  /** Who it was when the database last answered; at most an hour ago. */
  stale(hash: string, nowMs: number): Person | undefined {
    return this.#within(hash, nowMs, staleMs);
  }

  keep(hash: string, person: Person, nowMs: number): void {
    this.#known.delete(hash);
    this.#known.set(hash, { person, checkedAtMs: nowMs });
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > maxKept && oldest !== undefined) this.#known.delete(oldest);
  }

  forget(isMeant: (person: Person) => boolean): void {
    for (const [hash, { person }] of this.#known) if (isMeant(person)) this.#known.delete(hash);
  }

  drop(hash: string): void {
    this.#known.delete(hash);
  }

  #within(hash: string, nowMs: number, limitMs: number): Person | undefined {
    const known = this.#known.get(hash);
    if (known === undefined || nowMs - known.checkedAtMs > limitMs) return undefined;
    const { expiresAtMs } = known.person;
    return expiresAtMs !== null && expiresAtMs <= nowMs ? undefined : known.person;
  }
}
