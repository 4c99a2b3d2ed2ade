import type { ServerFrame } from '@mosaic/proto';
import { WebSocket } from 'ws';

const mebibyte = 1024 * 1024;
/** Above this a slow client gets no deltas any more; the final event has the whole text. */
const skipDeltasAbove = 4 * mebibyte;
/** Above this it is let go; it comes back with the last number it saw. */
const closeAbove = 16 * mebibyte;

/** Codes that a socket is closed with. */
export const closeCodes = { restart: 1012, tryAgain: 1013, unauthenticated: 4401 } as const;

/** Writes frames to one client, as fast as it reads them. */
export class SocketOutlet {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  send(frame: ServerFrame): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const waiting = this.#socket.bufferedAmount;
    const isSkipped = frame.type === 'delta' && waiting > skipDeltasAbove;
    if (waiting > closeAbove) this.close('tryAgain', 'resume');
    else if (!isSkipped) this.#socket.send(JSON.stringify(frame));
  }

  close(code: keyof typeof closeCodes, reason: string): void {
    this.#socket.close(closeCodes[code], reason);
  }
}
