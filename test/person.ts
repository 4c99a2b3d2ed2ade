import { once } from 'node:events';
import {
  type ClientFrame,
  type ConversationView,
  emptyView,
  foldDelta,
  foldEvent,
  type ServerFrame,
  serverFrameSchema,
} from '@mosaic/proto';
import { type RunningMosaic, waitFor } from '@mosaic/test-kit';
import { WebSocket } from 'ws';

// biome-ignore lint/suspicious/noExplicitAny: JSON from outside, looked at by assertions only.
type Json = any;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

/** Somebody who uses Mosaic over HTTP and sockets, as any client would. */
export interface Person {
  readonly token: string;
  request(method: string, path: string, body?: unknown): Promise<Reply>;
  /** Opens a conversation and returns its id. */
  open(body?: object): Promise<string>;
  /** Sends a message and waits for the finished answer. */
  say(conversationId: string, text: string, more?: object): Promise<Json>;
  socket(): Promise<Socket>;
}

export interface Socket {
  readonly frames: ServerFrame[];
  send(frame: ClientFrame | object): void;
  sendText(text: string): void;
  /** The first frame that fits, now or later. */
  until(fits: (frame: ServerFrame) => boolean, timeoutMs?: number): Promise<ServerFrame>;
  /** What a client shows of a conversation after all frames so far. */
  view(conversationId: string): ConversationView;
  close(): Promise<void>;
}

/** The local owner, who is the administrator. */
export function owner(mosaic: RunningMosaic): Person {
  return person(mosaic.url, mosaic.ownerToken);
}

/** A new member with an account of their own. */
export async function signUp(mosaic: RunningMosaic, name: string): Promise<Person> {
  const response = await fetch(`${mosaic.url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, email: `${name}@example.org`, password: `${name}-pass-word-1` }),
  });
  const { token } = (await response.json()) as { token?: string };
  if (token === undefined) throw new Error(`no account for ${name}: ${response.status}`);
  return person(mosaic.url, token);
}

export function person(url: string, token: string): Person {
  const request: Person['request'] = async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    };
  };
  return {
    token,
    request,
    async open(body = {}) {
      const reply = await request('POST', '/api/conversations', body);
      if (reply.status >= 300) throw new Error(JSON.stringify(reply.body));
      return reply.body.id ?? reply.body.conversation.id;
    },
    async say(conversationId, text, more = {}) {
      const path = `/api/conversations/${conversationId}/messages?wait=1`;
      const reply = await request('POST', path, { text, ...more });
      if (reply.status >= 300) throw new Error(JSON.stringify(reply.body));
      return reply.body.message;
    },
    socket: () => openSocket(url, token),
  };
}

async function openSocket(url: string, token: string): Promise<Socket> {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/ws`);
  const frames: ServerFrame[] = [];
  ws.on('message', (data) => frames.push(serverFrameSchema.parse(JSON.parse(String(data)))));
  ws.on('error', () => undefined);
  await once(ws, 'open');
  ws.send(JSON.stringify({ type: 'hello', protocol: 1, client: 'test/1', token }));
  return {
    frames,
    send: (frame) => ws.send(JSON.stringify(frame)),
    sendText: (text) => ws.send(text),
    async until(fits, timeoutMs = 60_000) {
      let found: ServerFrame | undefined;
      await waitFor(
        () => {
          found = frames.find(fits);
          return found !== undefined;
        },
        { timeoutMs },
      );
      if (found === undefined) throw new Error('unreachable');
      return found;
    },
    view(conversationId) {
      let view = emptyView(conversationId);
      for (const frame of frames) {
        if (frame.type === 'event' && frame.event.conversationId === conversationId) {
          view = foldEvent(view, frame.event);
        }
        if (frame.type === 'delta' && frame.delta.conversationId === conversationId) {
          view = foldDelta(view, frame.delta);
        }
      }
      return view;
    },
    async close() {
      if (ws.readyState === WebSocket.CLOSED) return;
      ws.close();
      await once(ws, 'close');
    },
  };
}
