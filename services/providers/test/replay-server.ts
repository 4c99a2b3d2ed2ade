import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

/** What the next completion request gets. */
export interface Replay {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Each becomes an HTTP chunk of its own, and so a read of its own at the client. */
  readonly chunks: readonly (Buffer | string)[];
  /** Afterwards: end politely, break the socket, or keep silent until the client leaves. */
  readonly then?: 'end' | 'cut' | 'silence';
  /** Not even headers are sent, as by a server that loads its model first. */
  readonly isMute?: boolean;
  /** Sent again and again while silent: comments, pings, blank lines. */
  readonly noise?: string;
}

export interface ReplayServer {
  readonly url: string;
  /** Bodies of the completion requests so far. */
  readonly bodies: readonly Record<string, unknown>[];
  /** How often noise was sent. */
  readonly noises: number;
  /** Resolves when a client has closed its socket before the answer had ended. */
  readonly left: Promise<void>;
  queue(...replays: readonly Replay[]): void;
  /** Forgets replays that nobody has asked for. */
  clear(): void;
  /** Sets the JSON answer of a path that ends like this. */
  answer(pathEnd: string, json: string): void;
  stop(): Promise<void>;
}

/** A real HTTP server that replays the bytes of fixtures, one replay per completion request. */
export async function startReplayServer(contentType: string): Promise<ReplayServer> {
  const replays: Replay[] = [];
  const bodies: Record<string, unknown>[] = [];
  const answers = new Map<string, string>();
  const leaving = Promise.withResolvers<void>();
  let noises = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const answer = [...answers].find(([end]) => path.endsWith(end))?.[1];
    if (answer !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
      return;
    }
    bodies.push(JSON.parse(body));
    response.once('close', () => {
      if (!response.writableEnded) leaving.resolve();
    });
    const replay = replays.shift();
    if (replay) play(response, replay, { contentType, onNoise: () => (noises += 1) });
    else response.writeHead(500).end('nothing queued');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    bodies,
    get noises() {
      return noises;
    },
    left: leaving.promise,
    queue: (...more) => replays.push(...more),
    clear: () => replays.splice(0),
    answer: (pathEnd, json) => answers.set(pathEnd, json),
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Playing {
  readonly contentType: string;
  readonly onNoise: () => void;
}

function play(response: ServerResponse, replay: Replay, { contentType, onNoise }: Playing): void {
  if (replay.isMute) return;
  const status = replay.status ?? 200;
  const type = status === 200 ? contentType : 'application/json';
  response.writeHead(status, { 'content-type': type, ...replay.headers });
  response.flushHeaders();
  for (const chunk of replay.chunks) response.write(chunk);
  if (replay.then === 'cut') {
    // Let the bytes reach the client first, so that it is cut in the middle and not before.
    setTimeout(() => response.destroy(), 20);
  } else if (replay.then === 'silence') {
    const { noise } = replay;
    const timer = setInterval(() => noise && response.write(noise, onNoise), 15);
    response.once('close', () => clearInterval(timer));
  } else response.end();
}
