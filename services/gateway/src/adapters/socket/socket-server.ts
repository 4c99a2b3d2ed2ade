import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { foreignHosts, type HostConfig } from '../http/refuse-foreign-hosts.ts';
import { closeCodes, SocketOutlet } from './socket-outlet.ts';
import { type SocketParts, SocketSession, tickMs } from './socket-session.ts';

const helloWithinMs = 5_000;
/** How often a session or key on an open socket is looked at again. */
const recheckEveryTicks = 4;
/** The longest message, 400,000 characters, is 2.4 MB when each of them is written as `\uXXXX`. */
const maxFrameBytes = 3 * 1024 * 1024;
const normalClosure = 1000;
const closeGraceMs = 500;

/** Serves `/ws` on the HTTP server; answers how to end all sockets. */
export function serveSockets(
  server: Server,
  parts: SocketParts & { readonly config: HostConfig },
): () => Promise<void> {
  const isForeign = foreignHosts(parts.config);
  // Larger frames end the socket with 1009.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes });
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if ((request.url ?? '').split('?')[0] !== '/ws') return refuse(stream, '404 Not Found');
    if (isForeign(request.headers.host)) return refuse(stream, '403 Forbidden');
    sockets.handleUpgrade(request, stream, head, (socket) => attend(socket, request, parts));
  });
  return async () => {
    for (const socket of sockets.clients) socket.close(closeCodes.restart, 'restart');
    await new Promise((resolve) =>
      setTimeout(resolve, sockets.clients.size > 0 ? closeGraceMs : 0),
    );
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  };
}

function refuse(stream: Duplex, status: string): void {
  // Nobody hears its errors any more, and a client that never closes must not keep it.
  stream.on('error', () => undefined);
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`, () => stream.destroy());
}

/** Looks after one socket from hello to the end. */
function attend(socket: WebSocket, request: IncomingMessage, parts: SocketParts): void {
  const outlet = new SocketOutlet(socket);
  const session = new SocketSession(parts, outlet, request.headers);
  let isAlive = true;
  let ticks = 0;
  const silence = setTimeout(() => session.giveUpWaiting(), helloWithinMs);
  const ticking = setInterval(() => {
    // Two ticks without an answer: there is nobody behind this socket any more.
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
    ticks += 1;
    if (!session.hasSaidHello) return;
    outlet.send({ type: 'tick' });
    if (ticks % recheckEveryTicks === 0) void session.recheck();
  }, tickMs);
  const stopHearing = parts.authenticator.onForget(() => void session.recheck());
  socket.on('pong', () => {
    isAlive = true;
  });
  socket.on('message', (data, isBinary) => {
    isAlive = true;
    if (isBinary) socket.close(normalClosure + 3, 'text only');
    else session.hear(String(data));
  });
  socket.on('error', (error) => parts.log.debug({ err: error }, 'a socket failed'));
  socket.on('close', () => {
    clearTimeout(silence);
    clearInterval(ticking);
    stopHearing();
    session.close();
  });
}
