import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { clientFrameSchema, type ServerFrame } from '@mosaic/proto';
import { type WebSocket, WebSocketServer } from 'ws';
import { ProviderRoutes } from './provider-routes.ts';
import { answer, type Conversations, serveRest } from './rest-routes.ts';

const dist = join(import.meta.dirname, '../../dist');
export const ownerToken = 'owner+token/1=';
const cookie = 'session=known';
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'";

const accounts = new Map([['ana@example.org', 'correct horse']]);

function isKnown(request: IncomingMessage): boolean {
  const isBearer = request.headers.authorization === `Bearer ${ownerToken}`;
  return isBearer || (request.headers.cookie ?? '').includes(cookie);
}

async function authenticate(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const { email = '', password = '' }: { readonly email?: string; readonly password?: string } =
    JSON.parse(text || '{}');
  if (request.url?.endsWith('/sign-out')) {
    response.setHeader('set-cookie', 'session=; Path=/; Max-Age=0');
    return answer(response, 200, { success: true });
  }
  if (request.url?.endsWith('/sign-up/email')) accounts.set(email, password);
  const isRight = accounts.get(email) === password;
  if (!isRight)
    return answer(response, 401, { code: 'INVALID', message: 'Invalid e-mail or password' });
  response.setHeader('set-cookie', `${cookie}; Path=/; HttpOnly; SameSite=Lax`);
  answer(response, 200, { token: ownerToken });
}

function serveFile(path: string, response: ServerResponse): void {
  const named = join(dist, path);
  const file = extname(path) !== '' && existsSync(named) ? named : join(dist, 'index.html');
  response.writeHead(200, {
    'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': policy,
  });
  createReadStream(file).pipe(response);
}

function talk(socket: WebSocket, request: IncomingMessage, conversations: Conversations): void {
  const hear = (frame: ServerFrame): void => socket.send(JSON.stringify(frame));
  socket.on('close', () => {
    for (const { listeners } of conversations.values()) listeners.delete(hear);
  });
  socket.on('message', (data) => {
    const frame = clientFrameSchema.parse(JSON.parse(String(data)));
    if (frame.type === 'hello') {
      if (!isKnown(request) && frame.token !== ownerToken) {
        hear({ type: 'error', error: { code: 'unauthenticated', message: 'Sign in.' } });
        return;
      }
      const user = { id: 'u1', name: 'Ana', role: 'admin' };
      const limits = { tickMs: 15_000, maxMessageChars: 400_000 };
      hear({ type: 'welcome', protocol: 1, user, ...limits, isDemo: true });
      return;
    }
    if (frame.type === 'ping') return hear({ type: 'pong', id: frame.id });
    const { conversationId } = frame;
    const log = conversations.get(conversationId);
    if (log === undefined) {
      const error = { code: 'not_found', message: 'There is no such conversation.' } as const;
      return hear({ type: 'error', about: conversationId, error });
    }
    if (frame.type === 'subscribe') log.follow(hear, frame.after);
    if (frame.type === 'unsubscribe') log.listeners.delete(hear);
    if (frame.type === 'cancel') log.cancel(frame.run);
    if (frame.type === 'send') {
      hear({ type: 'accepted', conversationId, messageId: frame.messageId });
      log.add(frame.messageId, frame.text);
    }
  });
}

export interface ChatServer {
  readonly url: string;
  readonly conversations: Conversations;
  readonly providers: ProviderRoutes;
  /** Cuts every socket, as a gateway that restarts does. */
  readonly cutSockets: () => void;
  readonly close: () => Promise<void>;
}

/** Serves the built client, the REST routes and the socket that it needs, on a free port. */
export async function startChatServer(): Promise<ChatServer> {
  const conversations: Conversations = new Map();
  const providers = new ProviderRoutes();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path.startsWith('/api/auth/')) void authenticate(request, response);
    else if (!path.startsWith('/api/')) serveFile(path, response);
    else if (isKnown(request) && path.startsWith('/api/providers')) {
      void providers.serve(request, path, (status, body) => answer(response, status, body));
    } else if (isKnown(request)) void serveRest(request, response, conversations);
    else answer(response, 401, { error: { code: 'unauthenticated', message: 'Sign in.' } });
  });
  const sockets = new WebSocketServer({ server, path: '/ws' });
  sockets.on('connection', (socket, request) => talk(socket, request, conversations));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const cutSockets = (): void => {
    for (const socket of sockets.clients) socket.terminate();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    conversations,
    providers,
    cutSockets,
    close: async () => {
      for (const log of conversations.values()) log.cancel(undefined);
      cutSockets();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
