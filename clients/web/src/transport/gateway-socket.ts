import {
  backoffMs,
  type ClientFrame,
  type ServerFrame,
  serverFrameSchema,
  socketProtocolVersion,
} from '@mosaic/proto';

export interface GatewaySocketOptions {
  readonly url: string;
  /** Bearer token for `hello`; null when the session cookie is enough. */
  readonly readToken: () => string | null;
  readonly onFrame: (frame: ServerFrame) => void;
  /** Called with the close code when a connection ends; another try follows by itself. */
  readonly onLost: (code: number) => void;
}

/** Used until the gateway says how often it ticks. */
const assumedTickMs = 15_000;
const watchEveryMs = 1_000;
/** A connection that lasted this long was a good one: the next loss is the first again. */
const stableMs = 5_000;
/** Close code of a connection that was given up here. */
const givenUp = 4_000;
/** A second that took this long: the machine slept, and the connection is not to be trusted. */
const sleptMs = 10_000;

/**
 * One socket to the gateway that comes back by itself: with full jitter after a loss, at once when the
 * page is seen again, the network returns or the machine wakes, and after 2.5 ticks of silence.
 */
export class GatewaySocket {
  readonly #options: GatewaySocketOptions;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #tickMs = assumedTickMs;
  #heardAt = 0;
  #welcomedAt: number | null = null;
  #watchedAt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;

  constructor(options: GatewaySocketOptions) {
    this.#options = options;
  }

  open(): void {
    this.#watchedAt = Date.now();
    this.#watch ??= setInterval(() => this.#lookAtClock(), watchEveryMs);
    this.#connect();
  }

  /** Ends the connection and stays closed. */
  close(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
    clearTimeout(this.#retry);
    this.#drop();
  }

  /** Connects at once when there is no connection, or when it has been silent for over a tick. */
  wake(): void {
    const isFresh = Date.now() - this.#heardAt < this.#tickMs * 1.2;
    if (this.#watch === undefined || (this.#socket !== null && isFresh)) return;
    this.#attempt = 0;
    this.#reconnect();
  }

  /** False when there is no connection; what matters is sent again after `welcome`. */
  send(frame: ClientFrame): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #connect(): void {
    clearTimeout(this.#retry);
    const socket = new WebSocket(this.#options.url);
    this.#socket = socket;
    this.#heardAt = Date.now();
    this.#welcomedAt = null;
    socket.addEventListener('open', () => this.#greet());
    socket.addEventListener('message', (message) => {
      if (socket === this.#socket) this.#hear(message.data);
    });
    socket.addEventListener('close', ({ code }) => {
      if (socket === this.#socket) this.#lose(code);
    });
  }

  #greet(): void {
    const token = this.#options.readToken();
    this.send({
      type: 'hello',
      protocol: socketProtocolVersion,
      client: 'web/0.1.0',
      ...(token === null ? {} : { token }),
    });
  }

  #hear(data: unknown): void {
    this.#heardAt = Date.now();
    const frame = readFrame(data);
    if (frame === null) return;
    if (frame.type === 'welcome') {
      this.#welcomedAt = this.#heardAt;
      this.#tickMs = frame.tickMs;
    }
    this.#options.onFrame(frame);
  }

  #lose(code: number): void {
    this.#socket = null;
    this.#options.onLost(code);
    clearTimeout(this.#retry);
    if (this.#watch === undefined) return;
    const isStable = this.#welcomedAt !== null && Date.now() - this.#welcomedAt > stableMs;
    if (isStable) this.#attempt = 0;
    this.#retry = setTimeout(() => this.#connect(), backoffMs(this.#attempt));
    this.#attempt += 1;
  }

  #reconnect(): void {
    const wasConnected = this.#socket !== null;
    this.#drop();
    if (wasConnected) this.#options.onLost(givenUp);
    this.#connect();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #lookAtClock(): void {
    const now = Date.now();
    const hasSlept = now - this.#watchedAt > sleptMs;
    this.#watchedAt = now;
    if (this.#socket === null) {
      if (hasSlept) this.wake();
      return;
    }
    if (now - this.#heardAt > this.#tickMs * 2.5) this.#reconnect();
  }
}

/** Null for what this version does not know: a newer gateway may say more. */
function readFrame(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null;
  try {
    const parsed = serverFrameSchema.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
