import {
  backoffMs,
  type ClientFrame,
  type ServerFrame,
  serverFrameSchema,
  socketProtocolVersion,
} from '@mosaic/proto/client';
import { WebSocket } from 'ws';
import type { ConnectionState } from '../state/chat-state.ts';

export interface GatewaySocketOptions {
  /** The gateway's http address. */
  readonly url: string;
  /** Asked before every attempt: the owner's token file may appear later than we do. */
  readonly readToken: () => string | undefined;
  readonly client: string;
  onFrame(frame: ServerFrame): void;
  onConnection(connection: ConnectionState): void;
  /** The server closed because of the size of a frame: sending it again would close it again. */
  onTooLarge(): void;
}

/** Until `welcome` says how often the server ticks. */
const assumedTickMs = 15_000;
const silentTicks = 2.5;
const connectTimeoutMs = 10_000;
const signedOutRetryMs = 3_000;
const tooLargeCloseCode = 1009;
/** Close codes by which servers refuse a caller: policy violation, and the 44xx habit. */
const refusedCloseCodes: readonly number[] = [1008, 4001, 4401, 4403];

/**
 * One socket to the gateway that comes back by itself: hello, welcome, then frames. A connection that
 * is silent for 2.5 ticks counts as dead (a laptop that slept finds out this way too).
 */
export class GatewaySocket {
  readonly #options: GatewaySocketOptions;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #tickMs = assumedTickMs;
  #isWelcome = false;
  #wasOnline = false;
  #isStopped = false;
  #retry: NodeJS.Timeout | undefined;
  #watchdog: NodeJS.Timeout | undefined;

  constructor(options: GatewaySocketOptions) {
    this.#options = options;
  }

  start(): void {
    this.#connect();
  }

  /** Ends the connection for good. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#watchdog);
    this.#socket?.terminate();
    this.#socket = null;
  }

  get isOnline(): boolean {
    return this.#isWelcome;
  }

  /** False when there is no connection; whoever needs the frame sends it again after `welcome`. */
  send(frame: ClientFrame): boolean {
    if (!this.#isWelcome || this.#socket === null) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #connect(): void {
    const token = this.#options.readToken();
    const socket = new WebSocket(
      `${this.#options.url.replace(/^http/, 'ws').replace(/\/$/, '')}/ws`,
      {
        handshakeTimeout: connectTimeoutMs,
        ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      },
    );
    this.#socket = socket;
    let refusal: string | null = null;
    socket.on('open', () => this.#greet(socket, token));
    socket.on('message', (data, isBinary) => {
      if (isBinary || socket !== this.#socket) return;
      const frame = readFrame(String(data));
      this.#feedWatchdog();
      if (frame?.type === 'error' && frame.error.code === 'unauthenticated') {
        refusal = frame.error.message;
        socket.close();
      } else if (frame !== null) this.#receive(frame);
    });
    socket.on('unexpected-response', (_request, response) => {
      if (response.statusCode === 401 || response.statusCode === 403) refusal = 'refused';
      response.destroy();
      this.#lost(socket, refusal);
    });
    // An `error` is always followed by `close`, which handles both.
    socket.on('error', () => {});
    socket.on('close', (code) => {
      if (code === tooLargeCloseCode) this.#options.onTooLarge();
      const isRefused = !this.#isWelcome && refusedCloseCodes.includes(code);
      this.#lost(socket, refusal ?? (isRefused ? 'refused' : null));
    });
  }

  #greet(socket: WebSocket, token: string | undefined): void {
    this.#feedWatchdog();
    const hello: ClientFrame = {
      type: 'hello',
      protocol: socketProtocolVersion,
      client: this.#options.client,
      ...(token === undefined ? {} : { token }),
    };
    socket.send(JSON.stringify(hello));
  }

  #receive(frame: ServerFrame): void {
    if (frame.type === 'welcome') {
      this.#isWelcome = true;
      this.#wasOnline = true;
      this.#attempt = 0;
      this.#tickMs = frame.tickMs;
      this.#feedWatchdog();
      this.#options.onConnection({ phase: 'online' });
    }
    // Before `welcome` an error means no more than that the next attempt follows.
    if (this.#isWelcome) this.#options.onFrame(frame);
  }

  #lost(socket: WebSocket, refusal: string | null): void {
    if (socket !== this.#socket || this.#isStopped) return;
    this.#socket = null;
    this.#isWelcome = false;
    clearTimeout(this.#watchdog);
    socket.removeAllListeners();
    socket.on('error', () => {});
    socket.terminate();
    this.#options.onConnection(
      refusal === null
        ? { phase: 'offline', wasOnline: this.#wasOnline }
        : { phase: 'signed-out', hasToken: this.#options.readToken() !== undefined },
    );
    const waitMs = refusal === null ? backoffMs(this.#attempt) : signedOutRetryMs;
    this.#attempt += 1;
    this.#retry = setTimeout(() => this.#connect(), waitMs);
  }

  #feedWatchdog(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      if (this.#socket !== null) this.#lost(this.#socket, null);
    }, this.#tickMs * silentTicks);
  }
}

/** Null for what this version does not know: clients ignore newer frames. */
function readFrame(text: string): ServerFrame | null {
  try {
    const parsed = serverFrameSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
