import type { IncomingHttpHeaders } from 'node:http';
import type { VendorName } from '../wire/vendor-name.ts';

/** One request a vendor got. Times are milliseconds since 1970, with fractions. */
export interface JournalEntry {
  readonly vendor: VendorName;
  readonly method: string;
  /** The path behind the vendor's prefix. */
  readonly path: string;
  /** Keys are masked but for their last four characters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly model: string | null;
  readonly at: number;
  status: number | null;
  chunksSent: number;
  /** The client left before the answer was over. */
  aborted: boolean;
  closedAt: number | null;
}

const secretHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'x-api-key',
  'api-key',
  'cookie',
]);

function maskSecret(value: string): string {
  const [, scheme = '', secret = ''] = /^(Bearer\s+|Basic\s+)?(.*)$/is.exec(value) ?? [];
  return secret.length > 8 ? `${scheme}…${secret.slice(-4)}` : `${scheme}…`;
}

/** Headers with every key masked; short keys vanish altogether. */
export function maskHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(', ') : (value ?? '');
    return [name, secretHeaders.has(name) ? maskSecret(text) : text] as const;
  });
  return Object.fromEntries(entries);
}

/** Milliseconds since 1970 that do not jump when the clock is set. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Keeps the last requests, so that a demo of days does not fill the memory. */
export class Journal {
  readonly #limit: number;
  #entries: JournalEntry[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(entry: JournalEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > this.#limit) this.#entries.shift();
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  clear(): void {
    this.#entries = [];
  }
}
