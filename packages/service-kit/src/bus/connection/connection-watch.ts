import {
  type NatsConnection,
  PermissionViolationError,
  type Status,
} from '@nats-io/transport-node';
import type { BusLog } from '../bus-log.ts';

/** Follows the state of the connection and tells who asks. */
export class ConnectionWatch {
  readonly #connection: NatsConnection;
  readonly #log: BusLog;
  readonly #waiting = new Set<() => void>();
  readonly #onRefused = new Set<(subject: string) => void>();
  readonly #onReconnect = new Set<() => void>();
  #isUp = true;
  #isBackSince = Number.NEGATIVE_INFINITY;

  constructor(connection: NatsConnection, log: BusLog) {
    this.#connection = connection;
    this.#log = log;
    void this.#follow();
  }

  get isConnected(): boolean {
    return this.#isUp && !this.#connection.isClosed();
  }

  /** True for `withinMs` after a lost connection came back: others may still be on their way. */
  cameBackWithin(withinMs: number): boolean {
    return performance.now() - this.#isBackSince < withinMs;
  }

  /** Calls `listener` with the subject of each publish that the server refused. */
  onRefused(listener: (subject: string) => void): () => void {
    this.#onRefused.add(listener);
    return () => this.#onRefused.delete(listener);
  }

  /** Calls `listener` whenever a lost connection is there again. */
  onReconnect(listener: () => void): () => void {
    this.#onReconnect.add(listener);
    return () => this.#onReconnect.delete(listener);
  }

  /** True as soon as there is a connection; false when there is none within `timeoutMs`. */
  async whenConnected(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.isConnected || this.#connection.isClosed()) return this.isConnected;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeoutMs);
    this.#waiting.add(resolve);
    const giveUp = () => resolve();
    signal?.addEventListener('abort', giveUp, { once: true });
    await promise;
    signal?.removeEventListener('abort', giveUp);
    clearTimeout(timer);
    this.#waiting.delete(resolve);
    return this.isConnected;
  }

  async #follow(): Promise<void> {
    for await (const status of this.#connection.status()) this.#note(status);
    this.#isUp = false;
    for (const wake of this.#waiting) wake();
  }

  #note(status: Status): void {
    switch (status.type) {
      case 'disconnect':
        this.#isUp = false;
        this.#log.warn({ server: status.server }, 'The bus is not connected.');
        return;
      case 'reconnect':
        this.#isUp = true;
        this.#isBackSince = performance.now();
        this.#log.info({ server: status.server }, 'The bus is connected again.');
        for (const wake of this.#waiting) wake();
        for (const listener of this.#onReconnect) listener();
        return;
      case 'error':
        this.#noteError(status.error);
        return;
      case 'slowConsumer':
        this.#log.warn({ pending: status.pending }, 'A subscription of the bus is slow.');
        return;
      default:
    }
  }

  #noteError(error: Error): void {
    this.#log.error({ err: error }, 'The bus reports an error.');
    if (!(error instanceof PermissionViolationError) || error.operation !== 'publish') return;
    for (const listener of this.#onRefused) listener(error.subject);
  }
}
