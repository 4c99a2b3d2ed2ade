import { once } from 'node:events';
import { type ConversationEvent, makeId, type ServerFrame } from '@mosaic/proto';
import type { RunningMosaic } from '@mosaic/test-kit';
import { WebSocket } from 'ws';

/** One turn as a client saw it. Times are milliseconds since it was sent; null for what never came. */
export interface SeenTurn {
  readonly acceptedMs: number | null;
  readonly firstWordMs: number | null;
  readonly endMs: number;
  readonly end: ConversationEvent['type'];
  readonly text: string;
  /** What the deltas alone make, and whether one of them left a gap. */
  readonly shown: string;
  readonly hasGap: boolean;
  readonly restarts: number;
}

export interface TurnClient {
  openConversation(): Promise<string>;
  /** Sends a message; `onWord` is told of the first delta. */
  ask(conversationId: string, text: string, onWord?: () => void): Promise<SeenTurn>;
  cancel(conversationId: string): void;
  close(): void;
}

interface Waiting {
  readonly startedMs: number;
  readonly onWord: () => void;
  readonly done: (turn: SeenTurn) => void;
  acceptedMs: number | null;
  firstWordMs: number | null;
  shown: string;
  hasGap: boolean;
  restarts: number;
}

/** Somebody with an account of their own: one person may send 120 messages at once. */
export async function connectClient(mosaic: RunningMosaic, name: string): Promise<TurnClient> {
  const token = await signUp(mosaic.url, name);
  const socket = new WebSocket(`${mosaic.url.replace('http', 'ws')}/ws`);
  await once(socket, 'open');
  const say = (frame: object) => socket.send(JSON.stringify(frame));
  say({ type: 'hello', protocol: 1, client: 'bench/1', token });
  const waiting = new Map<string, Waiting>();
  const isLive = new Map<string, () => void>();
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as ServerFrame;
    if (frame.type === 'live') isLive.get(frame.conversationId)?.();
    else hear(frame, waiting);
  });
  return {
    async openConversation() {
      const reply = await fetch(`${mosaic.url}/api/conversations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{"title":"measured"}',
      });
      const { id } = (await reply.json()) as { id: string };
      const live = new Promise<void>((resolve) => isLive.set(id, resolve));
      say({ type: 'subscribe', conversationId: id, after: 0 });
      await live;
      return id;
    },
    ask(conversationId, text, onWord = () => undefined) {
      const { promise, resolve } = Promise.withResolvers<SeenTurn>();
      waiting.set(conversationId, {
        startedMs: performance.now(),
        onWord,
        done: resolve,
        acceptedMs: null,
        firstWordMs: null,
        shown: '',
        hasGap: false,
        restarts: 0,
      });
      say({ type: 'send', conversationId, messageId: makeId(), text, model: measuredModel });
      return promise;
    },
    cancel: (conversationId) => say({ type: 'cancel', conversationId }),
    close: () => socket.terminate(),
  };
}

export const measuredModel = 'gpt-5.4';

function hear(frame: ServerFrame, waiting: Map<string, Waiting>): void {
  if (frame.type === 'error') throw new Error(`${frame.error.code}: ${frame.error.message}`);
  if (frame.type === 'accepted') {
    const turn = waiting.get(frame.conversationId);
    if (turn !== undefined) turn.acceptedMs = performance.now() - turn.startedMs;
  } else if (frame.type === 'delta') {
    const turn = waiting.get(frame.delta.conversationId);
    if (turn !== undefined) hearWord(turn, frame.delta);
  } else if (frame.type === 'event') {
    hearEvent(frame.event, waiting);
  }
}

function hearWord(
  turn: Waiting,
  { offset, text }: { readonly offset: number; readonly text: string },
): void {
  if (turn.firstWordMs === null) {
    turn.firstWordMs = performance.now() - turn.startedMs;
    turn.onWord();
  }
  if (offset !== turn.shown.length) turn.hasGap = true;
  turn.shown += text;
}

function hearEvent(event: ConversationEvent, waiting: Map<string, Waiting>): void {
  const isEnd =
    event.type === 'turn.completed' ||
    event.type === 'turn.failed' ||
    event.type === 'turn.cancelled';
  const turn = waiting.get(event.conversationId);
  if (event.type === 'turn.restarted' && turn !== undefined) {
    // The new run begins from its first word.
    turn.restarts += 1;
    turn.shown = '';
  }
  if (!isEnd || turn === undefined) return;
  waiting.delete(event.conversationId);
  const { acceptedMs, done, firstWordMs, hasGap, restarts, shown, startedMs } = turn;
  const endMs = performance.now() - startedMs;
  done({
    acceptedMs,
    firstWordMs,
    endMs,
    end: event.type,
    text: event.text,
    shown,
    hasGap,
    restarts,
  });
}

async function signUp(url: string, name: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, email: `${name}@example.org`, password: `${name}-pass-word-1` }),
  });
  const { token } = (await response.json()) as { token?: string };
  if (token === undefined) throw new Error(`no account for ${name}: ${response.status}`);
  return token;
}
